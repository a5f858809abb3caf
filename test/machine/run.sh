# shellcheck shell=bash disable=SC2153
# Part of test/machine.sh: boots the machine for one command.

run_machine() {
  local share='' collect='' port='' timeout=900
  while [ $# -gt 0 ]; do
    case $1 in
      --*=*)
        set -- "${1%%=*}" "${1#*=}" "${@:2}"
        continue
        ;;
      --share) share=$(readlink -e "${2:?}") || die "--share: $2 is no folder" ;;
      --collect) collect=${2:?} ;;
      --port) port=${2:?} ;;
      --timeout) timeout=${2:?} ;;
      --)
        shift
        break
        ;;
      *) die "unknown option $1; the command comes after --" ;;
    esac
    shift 2
  done
  [ $# -gt 0 ] || die 'run: which command?'
  [[ $timeout =~ ^[0-9]+$ ]] || die '--timeout takes whole seconds'
  [[ -z $port || $port =~ ^[0-9]+:[0-9]+$ ]] || die '--port takes HOST:GUEST'

  # Not local: the traps use them.
  run=$(mktemp -d "$BUILT/run.XXXXXX")
  qemu=''
  trap end_run EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  command_disk "$@" >"$run/command"
  mkfifo "$run/output"
  : >"$run/status"
  local disks=() network=user,id=net,restrict=on
  [ -z "$share" ] || share_disk "$share" "$run/share.img"
  [ -z "$share" ] || disks=("$(drive share "$run/share.img"),readonly=on" "$(disk share)")
  [ -z "$port" ] || network+=",hostfwd=tcp:127.0.0.1:${port%:*}-:${port#*:}"
  cat "$run/output" &
  local printing=$!
  # shellcheck disable=SC2046
  boot "$network" ${disks[@]+-drive "${disks[0]}" -device "${disks[1]}"} &
  qemu=$!
  await "$timeout"
  wait "$printing" || true
  [ -z "${MACHINE_CONSOLE:-}" ] || cp "$run/console" "$MACHINE_CONSOLE"
  if [ -n "$collect" ] && [ -s "$run/files" ]; then
    mkdir -p "$collect"
    tar -C "$collect" -xf "$run/files"
  fi
  local status
  status=$(tr -dc 0-9 <"$run/status")
  if [ -z "$status" ]; then
    tail -n 15 "$run/console" >&2
    die 'the machine stopped before the command ended; above is its console'
  fi
  exit "$status"
}

end_run() {
  trap - ERR
  [ -z "$qemu" ] || kill "$qemu" 2>/dev/null || true
  wait
  rm -rf "$run"
}

# The command, padded to whole sectors.
command_disk() {
  if [ $# -eq 1 ]; then printf '%s\n' "$1"; else printf '%q ' "$@" && echo; fi | dd bs=512 conv=sync status=none | tr '\0' '\n'
}

# Twice the content, as small files take whole blocks, and an inode for each file.
share_disk() {
  local files megabytes
  files=$(($(find "$1" | wc -l) * 11 / 10 + 128))
  megabytes=$(($(du -sm --apparent-size "$1" | cut -f1) * 2 + 16 + files * 5 / 1024))
  truncate -s "${megabytes}M" "$2"
  mkfs.ext4 -q -F -O ^has_journal -m 0 -N "$files" -d "$1" "$2" 2>/dev/null || die "could not copy $1 to a disk"
}

drive() { echo "file=$2,format=raw,if=none,id=$1"; }
disk() { echo "virtio-blk-pci,drive=$1,serial=$1"; }

# Emulation pays for every change of page tables and every guarded branch, so the guards against side channels are off.
# The rest spares calibration. An exporter sees none of it in the files that it reads.
boot() {
  local accel=${MACHINE_ACCEL:-$(kvm_works && echo kvm || echo tcg)} network=$1 cpu=host name
  [ "$accel" = kvm ] || cpu=Nehalem accel=tcg,thread=multi,tb-size=256
  shift
  local ports=(-device virtio-serial-pci)
  for name in output status files; do
    ports+=(-chardev "file,id=$name,path=$run/$name" -device "virtserialport,chardev=$name,name=$name")
  done
  export TMPDIR=$run
  exec qemu-system-x86_64 -machine q35,usb=off,vmport=off -accel "$accel" -cpu "$cpu" \
    -smp "${MACHINE_CPUS:-2}" -m "${MACHINE_MEMORY:-1536}" -nodefaults -no-user-config -display none -no-reboot \
    -kernel "$BUILT/kernel" -initrd "$BUILT/ramdisk" \
    -append "console=ttyS0 quiet loglevel=4 panic=-1 systemd.unified_cgroup_hierarchy=1 systemd.show_status=0 audit=0 \
selinux=0 apparmor=0 mitigations=off nopti norandmaps tsc=reliable no_timer_check random.trust_cpu=on ${MACHINE_APPEND:-}" \
    -serial "file:$run/console" -device virtio-rng-pci \
    -drive "$(drive root "$BUILT/root.img"),snapshot=on,cache=unsafe" -device "$(disk root)" \
    -drive "$(drive data "$BUILT/data.img"),snapshot=on,cache=unsafe" -device "$(disk data)" \
    -drive "$(drive command "$run/command"),readonly=on" -device "$(disk command)" \
    -netdev "$network" -device virtio-net-pci,netdev=net,romfile= "${ports[@]}" "$@" </dev/null >"$run/log" 2>&1
}

# Until the machine has switched itself off.
await() {
  local deadline=$((SECONDS + $1))
  while kill -0 "$qemu" 2>/dev/null; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      say "timed out after $1 s"
      exit 124
    fi
    sleep 0.5
  done
  wait "$qemu" || { cat "$run/log" >&2; }
  qemu=''
}
