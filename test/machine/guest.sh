#!/bin/bash
# Runs in the guest once systemd is up: mounts what is shared, runs the command, sends back its output, its status and what
# it left below /out, and switches the machine off. Disks and ports are found by their names, as there is no udev.
port() { grep -lx "$1" /sys/class/virtio-ports/*/name | sed -E 's|.*/([^/]*)/name|/dev/\1|'; }
disk() { grep -ls "^$1" /sys/block/vd*/serial | sed -E 's|.*/([^/]*)/serial|/dev/\1|'; }

share=$(disk share)
[ -z "$share" ] || mount -o ro,noload "$share" /share
cat "$(disk command)" >/run/command
cd /root || exit
read -r up _ </proc/uptime
echo "machine: command starts at $up s" >/dev/ttyS0
bash /run/command </dev/null >"$(port output)" 2>&1
status=$?
[ -z "$(ls -A /out)" ] || tar -C /out -cf "$(port files)" .
echo "$status" >"$(port status)"
sleep 0.2
echo o >/proc/sysrq-trigger
sleep 60
