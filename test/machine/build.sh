# shellcheck shell=bash disable=SC2153
# Part of test/machine.sh: builds the disks, the kernel and the initial ramdisk of a release.

# Programs of Debian that the guest has. The tests need procps, busybox and Docker; docker-cli is apart since trixie.
PACKAGES=(
  systemd systemd-sysv udev dbus kmod iproute2 ca-certificates busybox-static procps perl docker.io iptables xfsprogs
)
[ "$RELEASE" = bookworm ] || PACKAGES+=(docker-cli)

# A mirror may be frozen, and its lists be older than they say they should be.
ANY_AGE='Acquire::Check-Valid-Until "false"'

# What only costs time at boot, and what would start Docker before it is asked for.
MASKED=(
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer e2scrub_all.timer e2scrub_reap.service
  xfs_scrub_all.timer systemd-timesyncd.service systemd-networkd.service systemd-pstore.service
  systemd-hwdb-update.service systemd-journal-catalog-update.service ldconfig.service systemd-update-done.service
  systemd-boot-update.service systemd-random-seed.service systemd-update-utmp.service
  systemd-update-utmp-runlevel.service systemd-binfmt.service systemd-firstboot.service systemd-sysusers.service
  systemd-machine-id-commit.service modprobe@.service systemd-modules-load.service kmod-static-nodes.service
  systemd-remount-fs.service getty.target getty@tty1.service serial-getty@ttyS0.service systemd-logind.service
  systemd-udevd.service systemd-udev-trigger.service systemd-udevd-kernel.socket systemd-udevd-control.socket
  dev-hugepages.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount
  sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount
)

build_machine() {
  [ "$(id -u)" = 0 ] || die 'building needs root: it makes a Debian tree with its owners and devices'
  [ "$(df --output=avail -BM "$CACHE" | tail -n 1 | tr -dc 0-9)" -ge 4000 ] || die "$CACHE has less than 4 GB free"
  install_packages qemu-system-x86_64:qemu-system-x86 mmdebstrap:mmdebstrap mkfs.ext4:e2fsprogs "mkfs.$DATA_FS:xfsprogs"
  local work=$BUILT/work started=$SECONDS
  rm -rf "$work"
  mkdir -p "$work"
  fetch_node "$work"
  make_tree "$work/root" "$work"
  equip_tree "$work/root" "$work"
  local version
  version=$(basename "$(ls -d "$work"/root/usr/lib/modules/*)")
  make_ramdisk "$work" "$version"
  find "$work/kernel" -name 'vmlinuz*' -exec cp {} "$BUILT/kernel" ';'
  make_disks "$work/root"
  {
    echo "kernel $version"
    echo "node $("$work/node/package/bin/node" --version)"
    # shellcheck disable=SC2016
    chroot "$work/root" dpkg-query -W -f '${Package} ${Version}\n' systemd docker.io containerd runc
  } >"$BUILT/versions"
  rm -rf "$work"
  say "built in $((SECONDS - started)) s: $BUILT"
}

# Arguments are PROGRAM:PACKAGE.
install_packages() {
  local missing=() pair
  for pair in "$@"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    die "could not install ${missing[*]}"
}

fetch_node() {
  mkdir "$1/node"
  (cd "$1" && npm pack --silent "$NODE" >/dev/null) || die "the npm registry gave no $NODE"
  tar -xzf "$1"/node-*.tgz -C "$1/node"
}

# The Debian tree, and its kernel beside it, unpacked and never installed: that would make a ramdisk of its own.
make_tree() {
  local root=$1 work=$2 suites=("deb $(mirror)/debian $RELEASE main")
  [ "$RELEASE" = sid ] || suites+=(
    "deb $(mirror)/debian $RELEASE-updates main"
    "deb $(mirror)/debian-security $RELEASE-security main"
  )
  say "making a tree of Debian $RELEASE (minutes)"
  # shellcheck disable=SC2016
  mmdebstrap --quiet --variant=minbase --mode=root --architectures=amd64 --include="$(IFS=, && echo "${PACKAGES[*]}")" \
    --aptopt='APT::Install-Recommends "false"' --aptopt="$ANY_AGE" --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --customize-hook="sh '$PARTS/fetch-kernel.sh' '$work'" \
    "$RELEASE" "$root" "${suites[@]}" >"$work/log" 2>&1 || {
    tail -n 8 "$work/log" >&2
    die 'mmdebstrap failed'
  }
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
}

mirror() {
  local found
  # shellcheck disable=SC2016
  found=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | sed -nE 's|/debian/?$||p' | head -n 1)
  echo "${MACHINE_MIRROR:-${found:-http://deb.debian.org}}"
}

# What this machine adds to the tree: Node.js, the kernel's modules, the service that runs the command.
equip_tree() {
  local root=$1 work=$2 unit applet
  install -m 755 "$work/node/package/bin/node" "$root/usr/local/bin/node"
  mkdir -p "$root/usr/lib/modules"
  cp -a "$work"/kernel/{usr/,}lib/modules/* "$root/usr/lib/modules/" 2>/dev/null || true
  chroot "$root" depmod -a "$(basename "$(ls -d "$root"/usr/lib/modules/*)")"
  install -m 755 "$PARTS/guest.sh" "$root/usr/local/sbin/machine"
  local system=$root/etc/systemd/system
  mkdir -p "$system/multi-user.target.wants" "$root"/{etc/docker,etc/systemd/journald.conf.d,var/lib/docker,share,out}
  install -m 644 "$PARTS/machine.service" "$system/"
  ln -s ../machine.service "$system/multi-user.target.wants/"
  rm -f "$system"/*.wants/{docker.service,docker.socket,containerd.service}
  for unit in "${MASKED[@]}"; do ln -sfn /dev/null "$system/$unit"; done
  ln -sfn /lib/systemd/system/multi-user.target "$system/default.target"
  printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\n' >"$root/etc/systemd/journald.conf.d/volatile.conf"
  echo '{"storage-driver":"overlay2","log-driver":"json-file"}' >"$root/etc/docker/daemon.json"
  echo machine >"$root/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 machine\n' >"$root/etc/hosts"
  echo c6a1f0c2d94e4d0f8f2b7a3e5d1c9b80 >"$root/etc/machine-id"
  : >"$root/etc/fstab"
  mkdir -p "$work/image/bin" "$work/image/tmp"
  cp "$root/bin/busybox" "$work/image/bin/"
  for applet in $("$root/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$work/image/bin/$applet"
  done
  tar --owner=0 --group=0 -C "$work/image" -cf "$root/usr/local/share/busybox.tar" .
}

# busybox, the virtio drivers in the order in which they load, and init.
make_ramdisk() {
  local work=$1 modules=$1/root/usr/lib/modules/$2 ramdisk=$1/ramdisk file name driver applet
  mkdir -p "$ramdisk"/{bin,modules,dev,proc,sys,root}
  cp "$work/root/bin/busybox" "$ramdisk/bin/"
  for applet in sh mount umount insmod cat ip usleep switch_root; do ln -s busybox "$ramdisk/bin/$applet"; done
  install -m 755 "$PARTS/init.sh" "$ramdisk/init"
  local drivers=(virtio_pci virtio_blk virtio_net virtio_console ext4)
  [ "$DATA_FS" = ext4 ] || drivers+=("$DATA_FS")
  for driver in "${drivers[@]}"; do
    while read -r file; do
      name=$(basename "$file")
      name=${name%%.ko*}.ko
      [ ! -e "$ramdisk/modules/$name" ] || continue
      case $file in
        *.xz) xz -dc "$modules/$file" >"$ramdisk/modules/$name" ;;
        *.zst) zstd -qdc "$modules/$file" >"$ramdisk/modules/$name" ;;
        *) cp "$modules/$file" "$ramdisk/modules/$name" ;;
      esac
      echo "$name" >>"$ramdisk/order"
    done < <(with_dependencies "$modules/modules.dep" "$driver")
  done
  (cd "$ramdisk" && find . | "$work/root/bin/busybox" cpio -o -H newc 2>/dev/null) >"$BUILT/ramdisk"
}

# modules.dep: "kernel/a.ko.xz: kernel/b.ko.xz kernel/c.ko.xz", of which the last is to be loaded first. A driver that is
# built in has no line.
with_dependencies() {
  local line
  line=$(grep -E "/$2\.ko(\.[a-z]+)?:" "$1") || return 0
  tr ' ' '\n' <<<"${line/:/}" | sed '/^$/d' | tac
}

# Sparse: room for what a test writes costs nothing.
make_disks() {
  local used
  used=$(du -sm "$1" | cut -f1)
  rm -f "$BUILT"/{root,data}.img
  truncate -s "$((used * 12 / 10 + 1024))M" "$BUILT/root.img"
  mkfs.ext4 -q -F -L root -E lazy_itable_init=1,lazy_journal_init=1 -d "$1" "$BUILT/root.img" 2>/dev/null
  truncate -s 4G "$BUILT/data.img"
  case $DATA_FS in
    ext4) mkfs.ext4 -q -F -L docker "$BUILT/data.img" ;;
    xfs) mkfs.xfs -q -f -L docker "$BUILT/data.img" ;;
  esac
}
