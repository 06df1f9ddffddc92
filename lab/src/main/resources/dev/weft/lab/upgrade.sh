# Gives a running host another /usr, as an upgrade of packages does; programs that run keep the files they have open.
# Arguments: the host's folder, layers of /usr.
set -eu
umount --lazy /usr
mount -t overlay -o "ro,lowerdir=$2" overlay /usr
mount --bind "$1/disk/usr/lib/docker/plugins" /usr/lib/docker/plugins
