#!/bin/sh
# Installs the Debian packages that the tests need, as root; otherwise says which are missing, and those tests are skipped.
set -eu

missing=''
need() { # program package
  command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need dockerd docker.io
need docker docker.io
need iptables iptables
need busybox busybox-static
need prometheus prometheus
need prometheus-alertmanager prometheus-alertmanager
need prometheus-node-exporter prometheus-node-exporter
need bindfs bindfs
need openssl openssl
need faketime faketime
need ps procps
need kubectl kubernetes-client
need chromium 'chromium fonts-dejavu-core' # without a font it draws no text
missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')
[ -n "${missing# }" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "not installed, so their tests are skipped: $missing" >&2
  exit 0
fi
echo "installing $missing"
export DEBIAN_FRONTEND=noninteractive
# A policy that starts no services: the tests run their own daemons.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
