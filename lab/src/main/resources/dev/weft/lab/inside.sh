#!/bin/sh
# The first process in a kernel that has the machine's root: gives it a memory for all that is written, and what else
# a system has, and runs the script `run`, which then is all that happens in it. Arguments: the folder of what the two
# sides have in common, the kernel's modules, busybox.
set -eu
exchange=$1 modules=$2 busybox=$3
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
mount() { "$busybox" mount "$@"; }

mount -t proc proc /proc
modules=$modules/$("$busybox" uname -r)
"$busybox" insmod "$modules/kernel/fs/overlayfs/overlay.ko"
mount -t tmpfs tmpfs /mnt
cd /mnt
mkdir written work root
mount -t overlay -o lowerdir=/,upperdir=written,workdir=work overlay root
cd root
mkdir -p lab lab/old usr/lib/modules
"$busybox" pivot_root . lab/old

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t hostfs -o "$exchange" none "$exchange"
mount -t tmpfs tmpfs /run
ln -s "$busybox" /run/modprobe
ln -s "$modules" /usr/lib/modules/
echo /run/modprobe >/proc/sys/kernel/modprobe
umount -l /lab/old
# labs are made here, on a file system that overlays can be made of
mount -t tmpfs tmpfs /lab
"$busybox" ip link set lo up

cd /lab
sh "$exchange/run" </dev/null || echo "it ended with exit code $?"
"$busybox" poweroff -f
