#!/bin/sh
# Process 1 of the initial ramdisk: loads the drivers, mounts the disks, sets the network up, and hands over to systemd.
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
while read -r module; do insmod "/modules/$module" || echo "machine: $module does not load"; done </order

disk() {
  for device in /sys/block/vd*; do
    [ "$(cat "$device/serial" 2>/dev/null)" != "$1" ] || echo "/dev/${device##*/}"
  done
}
tries=0
while [ -z "$(disk root)" ] && [ "$tries" -lt 100 ]; do
  tries=$((tries + 1))
  usleep 50000
done
mount -o rw,noatime "$(disk root)" /root || exec sh
mount -o rw "$(disk data)" /root/var/lib/docker || echo 'machine: the disk for Docker cannot be mounted'
ip link set lo up
ip link set eth0 up && ip addr add 10.0.2.15/24 dev eth0 && ip route add default via 10.0.2.2
umount /sys
umount /proc
mount --move /dev /root/dev
exec switch_root /root /lib/systemd/systemd
