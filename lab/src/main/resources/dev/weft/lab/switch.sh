# The lab's first process, 1 in its pid namespace: its end is the end of every process of every host.
# Arguments: layers of /usr, MTU.
set -eu
mount -t overlay -o "ro,lowerdir=$1" overlay /usr
ip -batch - <<END
link set lo up
link add br0 mtu $2 type bridge mcast_snooping 0
link set br0 up
addr add 10.77.0.254/24 dev br0
addr add fd77::fe/64 dev br0 nodad
END
echo ready
exec tini -- cat >/dev/null
