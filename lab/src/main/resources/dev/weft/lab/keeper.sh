# Keeps one lab for as long as standard input is open, which ends with the JVM however that ends, and then removes
# everything. Arguments: the lab's folder, its cgroup, the script that removes them, the script of the first process in
# fresh namespaces, its name and arguments.
trap '' HUP INT TERM
folder=$1 cgroup=$2 remove=$3
shift 3
mkdir "$folder"
unshare --mount --pid --net --fork --kill-child --mount-proc sh -c "$@"
exec sh -c "$remove" remove "$folder" "$cgroup" >/dev/null 2>&1
