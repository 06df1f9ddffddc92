# Makes a host of fresh mount, pid, uts and net namespaces, and stays as their first process.
# Arguments: the host's folder, its name, layers of /usr.
set -eu
cd "$1"
echo "$2" >/proc/sys/kernel/hostname
# sysfs shows the net namespace it was mounted in, and hides the cgroups below it
mount -t sysfs sysfs sys
mount --rbind /sys/fs/cgroup sys/fs/cgroup
mount --move sys /sys
mount -t overlay -o "ro,lowerdir=$3" overlay /usr
mount -t overlay -o "ro,lowerdir=$1/skeleton/etc:/etc" overlay /etc
mount -t overlay -o "ro,lowerdir=$1/skeleton/var/lib:/var/lib" overlay /var/lib
for folder in run etc/docker etc/weft var/lib/docker var/lib/containerd var/lib/weft usr/lib/docker/plugins; do
    mount --bind "disk/$folder" "/$folder"
done
# the engine's layers are overlays too, if its disk can hold one
driver=vfs
if mount -t overlay -o "lowerdir=sys,upperdir=disk/probe/upper,workdir=disk/probe/work" overlay sys 2>/dev/null; then
    umount sys
    driver=overlay2
fi
# as systemd leaves it; still private to this host
mount --make-rshared /
cd /
echo "ready $driver"
exec tini -- sleep infinity >/dev/null 2>&1
