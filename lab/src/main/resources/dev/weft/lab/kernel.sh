# The first process of a kernel's namespaces: its end is the end of that kernel. Starts it when it reads a line.
# Arguments: the folder, the kernel's unpacked packages, its memory, then what its first process is told besides
# the folder `exchange`.
set -eu
cd "$1"
folder=$1 packages=$2 memory=$3
shift 3
# A root of its own, with the C library that it was made for, and in it the whole machine, which it only reads.
mkdir root exchange
mount -t tmpfs -o mode=700 tmpfs root
mkdir root/usr root/machine root/memory
ln -s usr/lib64 machine/dev machine/proc root
mount --bind "$packages/usr" root/usr
mount --rbind / root/machine
echo ready
read -r on

# what runs in it takes turns, so it needs one processor; machine.sh takes the last
processor=$(sed -n 's/^Cpus_allowed_list:[^0-9]*\([0-9]*\).*/\1/p' /proc/self/status)
{
    # its memory is a file that must be executable; its console cannot be one
    {
        TMPDIR=/memory HOME=/memory taskset -c "$processor" chroot root /usr/bin/linux.uml mem="$memory" seccomp=auto \
            quiet root=/dev/root rootfstype=hostfs rootflags=/ hostfs=/machine ro init="$folder/init" con=null ssl=null \
            con0=null,fd:1 -- "$folder/exchange" "$@" </dev/null || true
    } 2>&1 | cat >console.log
    touch off
} &
exec cat >/dev/null
