# The first process of a machine's namespaces: its end is the end of the machine. Reads lines: "on" starts the machine,
# anything else is typed on its console. Arguments: the machine's folder, its kernel, its disk, its memory.
set -eu
cd "$1"
kernel=$2 disk=$3 memory=$4
mkdir exchange memory
# the kernel's memory is a file that must be executable, which /dev/shm need not be
mount -t tmpfs -o mode=700 tmpfs memory
export TMPDIR=$1/memory HOME=$1/memory
mkfifo console
exec 3<>console
echo ready

# Its processes take turns: on one processor, where that costs a third less.
processor=$(sed -n 's/^Cpus_allowed_list:.*[^0-9]//p' /proc/self/status)

run() {
    taskset -c "$processor" "$kernel" mem="$memory" root=/dev/ubda rw ubd0="$1/written,$disk" hostfs="$1/exchange" selinux=0 \
        con=null ssl=null con0=fd:0,fd:1 systemd.show_status=auto <&3 >>console.log 2>&1 || true
    touch off
}

while read -r line; do
    case $line in
        on) run "$1" & ;;
        *) echo "$line" >&3 ;;
    esac
done
