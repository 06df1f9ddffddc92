# Removes a lab whose processes have ended or are just ending. Arguments: its folder, its cgroup's name.
tries=100
while [ $tries -gt 0 ]; do
    rm -rf --one-file-system "$1"
    left=
    [ ! -e "$1" ] || left=$1
    for cgroup in "/sys/fs/cgroup/$2" /sys/fs/cgroup/*/"$2"; do
        [ -d "$cgroup" ] || continue
        find "$cgroup" -depth -type d -exec rmdir {} +
        [ ! -d "$cgroup" ] || left=$cgroup
    done
    [ -n "$left" ] || exit 0
    tries=$((tries - 1))
    sleep 0.1
done
exit 1
