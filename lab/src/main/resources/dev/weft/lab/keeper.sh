# Keeps one lab for as long as standard input is open, which ends with the JVM however that ends, and then removes
# everything. Arguments: the script of the switch, its two arguments, the script that removes, its two arguments.
trap '' HUP INT TERM
mkdir "$5"
unshare --mount --pid --net --fork --kill-child --mount-proc sh -c "$1" switch "$2" "$3"
exec sh -c "$4" remove "$5" "$6" >/dev/null 2>&1
