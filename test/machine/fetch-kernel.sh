#!/bin/sh
# Run by mmdebstrap, whose apt knows the release: unpacks the kernel for virtual machines into FOLDER/kernel.
set -eu
mkdir -p "$1/deb"
cd "$1/deb"
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
dependencies() { apt-cache depends "$1" | sed -n 's/^ *Depends: //p'; }
image=$(dependencies linux-image-cloud-amd64 | grep '^linux-image-')
# Since 7.x the kernel and its modules are packages of their own.
parts=$(dependencies "$image" | grep -E '^linux-(base-[0-9]|binary|modules)' || true)
# shellcheck disable=SC2086
apt-get -o APT::Sandbox::User=root download "$image" $parts
for package in *.deb; do dpkg-deb -x "$package" "$1/kernel"; done
