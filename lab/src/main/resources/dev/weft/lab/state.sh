# Makes, mounts, fills and spoils the file system of its own that a host has at /var/lib/weft.
# Arguments: its image, what to do, megabytes to make.
set -eu
image=$1
state=/var/lib/weft

# A power loss ends a host before the kernel has let go of its file systems.
await_free() {
    tries=400
    while [ -n "$(losetup --associated "$image")" ]; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || { echo "$image is still mounted" >&2; exit 1; }
        sleep 0.05
    done
}

# e2fsck says 1 for errors that it corrected.
repair_and_mount() {
    e2fsck -p "$image" >&2 || [ $? = 1 ]
    mount -o loop,errors=remount-ro "$image" $state
    rm -rf $state/lost+found
}

is_mounted() { grep -q "^/dev/loop[0-9]* $state " /proc/mounts; }

case $2 in
    limit)
        rm -f "$image.new"
        truncate -s "${3}M" "$image.new"
        mkfs.ext4 -q -b 1024 -m 0 -d $state "$image.new"
        ! is_mounted || umount $state
        mv "$image.new" "$image"
        repair_and_mount
        ;;
    mount)
        await_free
        repair_and_mount
        ;;
    fill)
        cat /dev/zero 2>/dev/null >$state/ballast || true
        sync --file-system $state
        # the last blocks are for writes that need no buffer
        dd if=/dev/zero of=$state/ballast bs=1k oflag=append,direct conv=notrunc 2>/dev/null || true
        [ "$(stat -f -c %a $state)" = 0 ] || { echo "$state does not get full" >&2; exit 1; }
        ;;
    free)
        rm -f $state/ballast
        ;;
    spoil)
        # nobody who has a file open for writing is in the way of an aborted ext4
        mount -o remount,ro $state 2>/dev/null || mount -o remount,abort $state
        ;;
    repair)
        if mount -o remount,rw $state 2>/dev/null && touch $state/probe 2>/dev/null; then
            rm $state/probe
        else
            # another file, or the kernel would find the old file system again, which open files keep
            umount --lazy $state
            cp --sparse=always "$image" "$image.new"
            mv "$image.new" "$image"
            repair_and_mount
        fi
        ;;
esac
