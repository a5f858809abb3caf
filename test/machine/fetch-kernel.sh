#!/bin/sh
# Run by mmdebstrap, whose apt knows the release: unpacks the kernel for virtual machines into FOLDER/kernel.
set -eu
mkdir -p "$1/deb"
cd "$1/deb"
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1)
apt-get -o APT::Sandbox::User=root download "$package"
# Since 7.x the modules are in a package of their own.
dpkg-deb -x ./*.deb "$1/kernel"
