# Makes the disk of a machine of its own: a Debian release with systemd and Docker, in memory until it is an image. Runs
# in mount and pid namespaces of its own. Arguments: the folder that has debootstrap and the kernel's modules and gets
# the image; the release; Debian's mirror; its keyring, if there is one.
set -eu
folder=$1 suite=$2 mirror=$3 keyring=$4
root=$folder/root
mkdir "$root" "$folder/bin"
mount -t tmpfs -o mode=755 tmpfs "$root"

# debootstrap wants wget; apt is there, and knows this machine's proxies
cat >"$folder/bin/wget" <<'END'
#!/bin/sh
while [ $# -gt 2 ]; do shift; done
exec /usr/lib/apt/apt-helper -q -o APT::Sandbox::User=root download-file "$2" "$1"
END
chmod +x "$folder/bin/wget"
packages=systemd,systemd-sysv,dbus,iproute2,docker.io,iptables,kmod,e2fsprogs
[ "$suite" = bookworm ] || packages=$packages,docker-cli # which was a part of docker.io
PATH=$folder/bin:$PATH DEBOOTSTRAP_DIR=$folder/usr/share/debootstrap sh "$folder/usr/sbin/debootstrap" \
    --variant=minbase --include="$packages" \
    ${keyring:+--keyring="$keyring"} "$suite" "$root" "$mirror"

cd "$root"
rm -rf var/cache/apt/* var/lib/apt/lists/* usr/share/doc/* usr/share/man/* usr/share/locale/* usr/share/info/*
mkdir -p usr/lib/modules
cp -a "$folder"/usr/lib/uml/modules/* usr/lib/modules/
for version in usr/lib/modules/*; do
    rm -rf "$version/kernel/sound"
    chroot . depmod "${version##*/}"
done
# this kernel has no nftables NAT
for command in iptables ip6tables; do
    chroot . update-alternatives --set $command /usr/sbin/$command-legacy
done
echo fresh >etc/hostname
echo '/dev/ubda / ext4 defaults 0 1' >etc/fstab

# what nobody needs here would take half a minute of each start
for unit in apt-daily.timer apt-daily-upgrade.timer dev-hugepages.mount dev-mqueue.mount dpkg-db-backup.timer \
    e2scrub_all.timer e2scrub_reap.service fstrim.timer getty.target kmod-static-nodes.service \
    modprobe@configfs.service modprobe@dm_mod.service modprobe@drm.service modprobe@efi_pstore.service \
    modprobe@fuse.service modprobe@loop.service sys-fs-fuse-connections.mount sys-kernel-config.mount \
    sys-kernel-debug.mount sys-kernel-tracing.mount systemd-journal-flush.service systemd-logind.service \
    systemd-networkd.service systemd-networkd.socket systemd-network-generator.service systemd-random-seed.service \
    systemd-sysusers.service systemd-timesyncd.service systemd-update-utmp.service \
    systemd-update-utmp-runlevel.service; do
    ln -sf /dev/null etc/systemd/system/$unit
done
# signals are slow here, and Go's scheduler sends many
mkdir -p etc/systemd/system.conf.d
cat >etc/systemd/system.conf.d/lab.conf <<'END'
[Manager]
DefaultEnvironment=GODEBUG=asyncpreemptoff=1 GOGC=400
END

# runs /lab/N.sh for at most S seconds when it reads the line N S on the console
mkdir lab
cat >etc/systemd/system/lab.service <<'END'
[Unit]
Description=Runs what the lab asks for
After=multi-user.target

[Service]
Environment=GODEBUG=asyncpreemptoff=1 GOGC=400 HOME=/root
ExecStart=/bin/sh /etc/lab.sh

[Install]
WantedBy=multi-user.target
END
cat >etc/lab.sh <<'END'
mount -t hostfs none /lab
exec </dev/tty0
touch /lab/up
while read -r job limit; do
    (cd /root && exec timeout -k 5 "$limit" sh "/lab/$job.sh" </dev/null >"/lab/$job.out" 2>"/lab/$job.err")
    echo $? >/lab/exit
    mv /lab/exit "/lab/$job.exit"
done
END
chroot . systemctl --quiet enable lab.service

# bound without what is mounted below it
mkdir "$folder/out"
mount --bind "$folder/out" mnt
mount --bind . media
chroot . mke2fs -q -t ext4 -m 0 -O ^has_journal -d /media /mnt/disk.img 2000M
mv "$folder/out/disk.img" "$folder/disk.img"
cd /
umount -R "$root"
rm -rf "$root" "$folder/out" "$folder/bin" "$folder/usr/lib/uml" "$folder/usr/share" "$folder/usr/sbin"
