#!/usr/bin/env python3
"""Records what ip(8), bridge(8) and tc(8) send to the kernel, and what it answers, each in a new network namespace.

Run as root from this folder: ./capture.py. Every file says what was run, with which iproute2 and kernel; then, line
by line, the datagrams: '>' sent, '<' received, in hexadecimal. Lines with '#' are comments. Of commands that are not
about links, the look-up of links that goes before is left out.
"""
import os, re, subprocess, sys

RTM_NEWLINK, RTM_GETLINK = 16, 18  # linux/rtnetlink.h
VETH = "ip link add c0 type veth peer name p0"
BRIDGE = "ip link add br0 type bridge"
PORT = BRIDGE + " && " + VETH + " && ip link set c0 master br0"
VXLAN = "ip link add vx0 type vxlan id 77 dstport 4789"
INGRESS = VETH + " && ip link add i0 type ifb && tc qdisc add dev c0 handle ffff: ingress"
REDIRECT = "tc filter add dev c0 parent ffff: protocol all prio 1 u32 match u32 0 0 action mirred egress redirect dev i0"
UP = VETH + " && ip link set c0 up && ip addr add 10.1.0.1/24 dev c0 && ip -6 addr add fd00::1/64 dev c0 nodad"

# file name: (commands before, command recorded)
CASES = {
    "add-bridge": ("true", "ip link add br0 type bridge mcast_snooping 0 stp_state 1 ageing_time 6000"),
    "add-bridge-defaults": ("true", "ip link add br0 mtu 1400 address 02:00:00:00:00:01 up type bridge"),
    "add-veth": ("true", "ip link add c0 mtu 1450 address 02:00:00:00:00:02 type veth peer name p0 mtu 1450 address 02:00:00:00:00:03"),
    "add-veth-peer-elsewhere": ("ip netns add there", "ip link add c0 type veth peer name p0 netns there"),
    "add-vxlan": ("true", "ip link add vx0 type vxlan id 77 local 10.0.0.1 remote 10.0.0.2 ttl 64 nolearning dstport 4790"),
    "add-vxlan-ipv6": (VETH, "ip link add vx0 type vxlan id 16777215 local fd00::1 remote fd00::2 dev c0 dstport 4789"),
    "add-macvlan": (VETH, "ip link add mv0 link c0 type macvlan mode bridge"),
    "add-ipvlan": (VETH, "ip link add iv0 link c0 type ipvlan mode l3s private"),
    "add-vlan": (VETH, "ip link add v0 link c0 type vlan id 42"),
    "add-dummy": ("true", "ip link add d0 type dummy"),
    "add-ifb": ("true", "ip link add i0 type ifb"),
    "set-up": (VETH, "ip link set dev c0 up"),
    "set-down": (VETH, "ip link set dev c0 down"),
    "set-mtu": (VETH, "ip link set dev c0 mtu 1400"),
    "set-mac": (VETH, "ip link set dev c0 address 02:00:00:00:00:09"),
    "set-master": (BRIDGE + " && " + VETH, "ip link set dev c0 master br0"),
    "set-no-master": (PORT, "ip link set dev c0 nomaster"),
    "set-alias": (VETH, "ip link set dev c0 alias weft:one"),
    "set-name": (VETH, "ip link set dev c0 name c1"),
    "set-namespace": ("ip netns add there && " + VETH, "ip link set dev c0 netns there"),
    "delete-link": (VETH, "ip link delete dev c0"),
    "add-address": (VETH, "ip addr add 10.1.0.1/24 brd + dev c0"),
    "add-address-ipv6": (VETH, "ip addr add fd00::1/64 dev c0 nodad"),
    "delete-address": (UP, "ip addr del 10.1.0.1/24 dev c0"),
    "add-route": (UP, "ip route add 10.2.0.0/16 via 10.1.0.254 dev c0 proto static"),
    "add-route-direct": (UP, "ip route add 10.3.0.0/16 dev c0 proto static src 10.1.0.1 metric 50"),
    "add-route-default-ipv6": (UP, "ip -6 route add default via fd00::fe dev c0 proto static table 1000"),
    "add-route-blackhole": (UP, "ip route add blackhole 10.9.0.0/16 proto static"),
    "delete-route": (UP + " && ip route add 10.2.0.0/16 via 10.1.0.254 proto static", "ip route del 10.2.0.0/16 via 10.1.0.254 dev c0 proto static"),
    "add-neighbor": (UP, "ip neigh add 10.1.0.7 lladdr 02:00:00:00:00:07 dev c0 nud permanent"),
    "add-neighbor-ipv6": (UP, "ip neigh add fd00::7 lladdr 02:00:00:00:00:07 dev c0 nud permanent"),
    "delete-neighbor": (UP + " && ip neigh add 10.1.0.7 lladdr 02:00:00:00:00:07 dev c0 nud permanent", "ip neigh del 10.1.0.7 dev c0"),
    "add-fdb-self": (VXLAN, "bridge fdb add 02:00:00:00:00:08 dev vx0 dst 10.0.0.2 self static"),
    "add-fdb-master": (PORT, "bridge fdb add 02:00:00:00:00:08 dev c0 master dynamic extern_learn"),
    "replace-fdb-sticky": (PORT, "bridge fdb replace 02:00:00:00:00:08 dev c0 master static sticky"),
    "append-fdb-flood": (VXLAN, "bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.2 self permanent"),
    "replace-fdb": (VXLAN, "bridge fdb replace 02:00:00:00:00:08 dev vx0 dst 10.0.0.9 self static"),
    "delete-fdb": (VXLAN + " && bridge fdb add 02:00:00:00:00:08 dev vx0 dst 10.0.0.2 self static", "bridge fdb del 02:00:00:00:00:08 dev vx0 dst 10.0.0.2 self static"),
    "set-bridge-port": (PORT, "bridge link set dev c0 learning off neigh_suppress on isolated on hairpin on flood off mcast_flood off bcast_flood off guard on"),
    "add-qdisc-tbf": (VETH, "tc qdisc add dev c0 root handle 1: tbf rate 10mbit burst 32000 limit 64000"),
    "add-qdisc-tbf-fast": (VETH, "tc qdisc add dev c0 root handle 1: tbf rate 40gbit burst 2000000 limit 4000000"),
    "replace-qdisc-tbf": (VETH, "tc qdisc replace dev c0 root handle 1: tbf rate 1001kbit burst 15000 limit 30000"),
    "delete-qdisc-root": (VETH + " && tc qdisc add dev c0 root handle 1: tbf rate 10mbit burst 32000 limit 64000", "tc qdisc del dev c0 root"),
    "add-qdisc-ingress": (VETH, "tc qdisc add dev c0 handle ffff: ingress"),
    "delete-qdisc-ingress": (INGRESS, "tc qdisc del dev c0 ingress"),
    "add-filter-redirect": (INGRESS, REDIRECT),
    "delete-filter": (INGRESS + " && " + REDIRECT, "tc filter del dev c0 parent ffff: protocol all prio 1"),
    "list-qdiscs": (INGRESS + " && ip link set c0 up && tc qdisc add dev c0 root handle 1: tbf rate 10mbit burst 32000 limit 64000 && tc qdisc add dev i0 root handle 7: tbf rate 40gbit burst 2000000 limit 4000000 && ip link set p0 up && tc qdisc add dev p0 root handle 2: htb default 1", "tc qdisc show"),
    "list-filters": (INGRESS + " && " + REDIRECT + " && tc filter add dev c0 parent ffff: protocol ip prio 2 u32 match ip dst 10.0.0.1 action mirred egress redirect dev i0 && tc filter add dev c0 parent ffff: protocol all prio 3 u32 match u32 0 0 action mirred egress mirror dev i0 && tc filter add dev c0 parent ffff: protocol all prio 4 u32 match u32 0 0 action mirred egress redirect dev p0", "tc filter show dev c0 parent ffff:"),
    "list-links": (PORT + " && " + VXLAN + " && ip link set c0 up alias weft:one && bridge link set dev c0 learning off isolated on && ip link add mv0 link p0 type macvlan mode private", "ip -d link show"),
    "list-addresses": (UP, "ip addr show dev c0"),
    "list-routes": (UP + " && ip route add 10.2.0.0/16 via 10.1.0.254 metric 7 && ip route add 10.4.0.0/16 nexthop via 10.1.0.8 nexthop via 10.1.0.9", "ip -4 route show table all"),
    "list-routes-ipv6": (UP + " && ip -6 route add default via fd00::fe", "ip -6 route show table all"),
    "list-neighbors": (UP + " && ip neigh add 10.1.0.7 lladdr 02:00:00:00:00:07 dev c0 nud permanent && ip neigh add fd00::7 lladdr 02:00:00:00:00:08 dev c0 nud permanent extern_learn", "ip neigh show"),
    "list-fdb": (PORT + " && " + VXLAN + " && bridge fdb add 02:00:00:00:00:08 dev vx0 dst 10.0.0.2 self static && bridge fdb add 02:00:00:00:00:09 dev c0 master static extern_learn && bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.3 self permanent", "bridge fdb show"),
    "list-fdb-sticky": (PORT + " && bridge fdb add 02:00:00:00:00:0a dev c0 master static sticky", "bridge fdb show dev c0"),
    "refused-link-exists": (BRIDGE, "ip link add br0 type bridge"),
    "refused-vni-exists": (VXLAN, "ip link add vx1 type vxlan id 77 dstport 4789"),
}


def record(name, before, command):
    trace = "/tmp/weft-capture.strace"
    # A mount namespace of its own: a pinned 'there' is seen by nobody else and goes with it.
    script = f"mkdir -p /run/netns && mount -t tmpfs none /run/netns && ip link set lo up && {{ {before} ; }} && exec strace -o {trace} -e trace=sendto,sendmsg,recvmsg -e abbrev=all -e write=all -e read=all {command}"
    done = subprocess.run(["unshare", "--net", "--mount", "sh", "-c", script], capture_output=True, text=True)
    lines, data, direction, peeked = [], bytearray(), None, False
    for line in open(trace):
        call = re.match(r"(sendto|sendmsg|recvmsg)\(", line)
        if call:
            if data and not peeked:
                lines.append((direction, bytes(data)))
            data, direction = bytearray(), ">" if line.startswith("send") else "<"
            peeked = "MSG_PEEK" in line
        elif line.startswith(" | "):
            data += bytes.fromhex(line[9:58].replace(" ", ""))
    if data and not peeked:
        lines.append((direction, bytes(data)))
    with open(name + ".hex", "w") as out:
        out.write(f"# command: {command}\n# before:  {before}\n")
        out.write(f"# iproute2: {subprocess.run(['ip', '-V'], capture_output=True, text=True).stdout.strip()}\n")
        out.write(f"# kernel:   Linux {os.uname().release} {os.uname().machine}\n")
        if done.stderr or done.returncode:
            out.write(f"# exit {done.returncode}: {' '.join(done.stderr.split())}\n")
        for direction, data in lines:
            if not re.match(r"ip (-d )?link|bridge link", command) and data[4] in (RTM_NEWLINK, RTM_GETLINK):
                continue
            out.write(f"{direction} {data.hex()}\n")


for case, (before, command) in CASES.items():
    if len(sys.argv) < 2 or case in sys.argv[1:]:
        record(case, before, command)
