package dev.weft.drivers.plan;

import static java.util.stream.Collectors.joining;

import dev.weft.inet.AddressText;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Vni;
import dev.weft.netlink.Ipvlan;
import dev.weft.netlink.LinkKind;
import dev.weft.netlink.Macvlan;
import dev.weft.plugin.StaticRoute;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One change of the kernel's networking. Its text is the command of ip(8), bridge(8) or tc(8) that would do the same
/// in the fabric.
///
/// A step says how things shall be, so applying it again changes nothing. Links carry an alias that names what they
/// are for; a link of the same name with another alias is somebody else's and is never touched.
public sealed interface Step {
    /// A bridge in the fabric namespace, up.
    ///
    /// @param mtu bytes
    record CreateBridge(String name, int mtu, String alias) implements Step {
        @Override
        public String toString() {
            return "ip link add " + name + " up mtu " + mtu + " alias '" + alias + "' type bridge mcast_snooping 0";
        }
    }

    /// What an engine moves into a sandbox.
    sealed interface Movable extends Step {
        /// Of the link in the sandbox.
        String alias();

        /// As `ip link` makes it anew in a sandbox.
        ///
        /// @param name of the link in the sandbox
        String madeIn(String sandbox, String name);
    }

    /// A pair of links: `port` in the fabric namespace, and `hostEnd` in the host's, where it stays, or from where the
    /// engine moves it on.
    ///
    /// @param mac   of the host's end
    /// @param mtu   bytes, of both ends
    /// @param stays whether no engine moves the host's end
    record CreateVeth(String port, String hostEnd, MacAddress mac, int mtu, String alias, boolean stays)
            implements Movable {
        /// One whose end in the host an engine moves into a sandbox.
        public CreateVeth(String port, String hostEnd, MacAddress mac, int mtu, String alias) {
            this(port, hostEnd, mac, mtu, alias, false);
        }

        @Override
        public String toString() {
            return "ip link add " + port + " mtu " + mtu + " alias '" + alias + "' type veth peer " + hostEnd
                    + " address " + mac + " mtu " + mtu + " netns host";
        }

        @Override
        public String madeIn(String sandbox, String name) {
            return "ip link add " + port + " mtu " + mtu + " alias '" + alias + "' type veth peer " + name + " address "
                    + mac + " mtu " + mtu + " netns " + sandbox;
        }
    }

    /// A link of the host's that a person makes, and that others stand on. Changes nothing.
    record NeedParent(String link) implements Step {
        @Override
        public String toString() {
            return "ip -netns host link show dev " + link;
        }
    }

    /// A parent that no links of other drivers stand on, which may be in any namespace: a macvlan link can be made on
    /// it.
    /// Changes nothing.
    ///
    /// @param trial the name of that link
    record NeedFreeParent(String parent, String trial) implements Step {
        @Override
        public String toString() {
            return "ip -netns host link add link " + parent + " name " + trial
                    + " type macvlan; ip -netns host link del " + trial;
        }
    }

    /// The link of a VLAN in the host's namespace, up, unless there is a link of that name, whoever made it.
    ///
    /// @param id 1 to 4094
    record CreateVlan(String name, String parent, int id, String alias) implements Step {
        @Override
        public String toString() {
            return "ip -netns host link add link " + parent + " name " + name + " up alias '" + alias
                    + "' type vlan id " + id;
        }
    }

    /// A link in the host's namespace that leads nowhere, up, for others to stand on.
    record CreateDummy(String name, String alias) implements Step {
        @Override
        public String toString() {
            return "ip -netns host link add " + name + " up alias '" + alias + "' type dummy";
        }
    }

    /// A macvlan or ipvlan link in the host's namespace, where it stays, or from where an engine moves it on.
    ///
    /// @param parent a link of the host's
    /// @param kind   [Macvlan] or [Ipvlan]
    /// @param mac    null where it is the parent's
    /// @param mtu    bytes; 0 for the parent's
    record CreateLanLink(
            String name,
            String parent,
            LinkKind kind,
            @Nullable MacAddress mac,
            int mtu,
            String alias) implements Movable {
        private String made(String as, String where) {
            return "ip -netns host link add link " + parent + " name " + as + (mac == null ? "" : " address " + mac)
                    + (mtu == 0 ? "" : " mtu " + mtu) + " alias '" + alias + "'" + where + " type " + settings(kind);
        }

        private static String settings(LinkKind kind) {
            return switch (kind) {
                case Macvlan macvlan -> "macvlan mode " + word(macvlan.mode());
                case Ipvlan ipvlan -> "ipvlan mode " + word(ipvlan.mode()) + " " + word(ipvlan.flag());
                default -> kind.kindName();
            };
        }

        private static String word(Enum<?> value) {
            return value.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return made(name, "");
        }

        @Override
        public String madeIn(String sandbox, String other) {
            return made(other, " netns " + sandbox);
        }
    }

    /// The host's way to one address, over a link of its own.
    record RouteFromHost(String link, InetAddress to) implements Step {
        @Override
        public String toString() {
            return "ip -netns host route add " + AddressText.of(to) + " dev " + link;
        }
    }

    /// A link in the place of one that was removed from a sandbox where the engine had put it, with its addresses and
    /// routes.
    ///
    /// @param sandbox       path of the namespace
    /// @param interfaceName of the link in the sandbox; empty: the first free of eth0, eth1, …
    record Restore(Movable link, String sandbox, String interfaceName, List<Cidr> addresses, List<StaticRoute> routes)
            implements Step {
        public Restore {
            addresses = List.copyOf(addresses);
            routes = List.copyOf(routes);
        }

        @Override
        public String toString() {
            var end = interfaceName.isEmpty() ? "eth0" : interfaceName;
            var inside = "; nsenter --net=" + sandbox + " ip ";
            return link.madeIn(sandbox, end)
                    + inside + "link set " + end + " up"
                    + addresses.stream()
                            .map(address -> inside + "addr add " + address + " dev " + end)
                            .collect(joining())
                    + routes.stream()
                            .map(route -> inside + "route add " + route.destination() + via(route) + " dev " + end)
                            .collect(joining());
        }

        private static String via(StaticRoute route) {
            var nextHop = route.nextHop();
            return nextHop == null ? "" : " via " + AddressText.of(nextHop);
        }
    }

    /// Makes the port one of the bridge's, up; both are in the fabric namespace. Undone with the port itself.
    ///
    /// @param mtu      bytes
    /// @param isolated whether it exchanges no frames with other isolated ports
    record AttachPort(String port, String bridge, int mtu, boolean isolated, String alias) implements Step {
        @Override
        public String toString() {
            return "ip link set " + port + " up mtu " + mtu + " master " + bridge
                    + (isolated ? " type bridge_slave isolated on" : "");
        }
    }

    /// Lets the bridge know who is behind the port, so that frames to it never go to all. Undone with the port.
    record AddStation(String port, MacAddress mac) implements Step {
        @Override
        public String toString() {
            return "bridge fdb replace " + mac + " dev " + port + " master static";
        }
    }

    /// A VXLAN device in the fabric, a port of the bridge, up. Its packets go to and come from the host's own network
    /// namespace. It learns nothing: where stations are, [Forward] says.
    ///
    /// @param local    this host's address for the others (VTEP)
    /// @param port     UDP
    /// @param mtu      bytes
    /// @param isolated whether isolated ports exchange no frames with it
    record CreateVxlan(
            String name, String bridge, Vni vni, InetAddress local, int port, int mtu, boolean isolated, String alias)
            implements Step {
        @Override
        public String toString() {
            return "ip -netns host link add " + name + " netns fabric type vxlan id " + vni.value() + " local "
                    + AddressText.of(local) + " dstport " + port + " nolearning; ip link set " + name + " up mtu " + mtu
                    + " alias '" + alias + "' master " + bridge + " type bridge_slave learning off neigh_suppress on"
                    + (isolated ? " isolated on" : "");
        }
    }

    /// An endpoint of another host.
    ///
    /// @param host its address (VTEP)
    record Station(MacAddress mac, List<InetAddress> addresses, InetAddress host) {
        public Station {
            addresses = List.copyOf(addresses);
        }
    }

    /// Where a VXLAN device sends what: to whom frames for each station go, what is answered to those who ask for their
    /// addresses, and to whom all other frames go. Whatever else the device and the bridge have of that kind is
    /// removed. Undone with them.
    record Forward(String device, String bridge, List<Station> stations, List<InetAddress> flood) implements Step {
        public Forward {
            stations = List.copyOf(stations);
            flood = List.copyOf(flood);
        }

        @Override
        public String toString() {
            var lines = new ArrayList<String>();
            for (var station : stations) {
                lines.add("bridge fdb replace " + station.mac() + " dev " + device + " self static dst "
                        + AddressText.of(station.host()));
                lines.add("bridge fdb replace " + station.mac() + " dev " + device + " master extern_learn");
                station.addresses()
                        .forEach(address -> lines.add("ip neigh replace " + AddressText.of(address) + " lladdr "
                                + station.mac() + " dev " + bridge + " nud permanent"));
            }
            flood.forEach(host -> lines.add("bridge fdb append 00:00:00:00:00:00 dev " + device + " self permanent dst "
                    + AddressText.of(host)));
            return lines.isEmpty() ? "bridge fdb flush dev " + device : String.join("; ", lines);
        }
    }

    /// Lets no more than that out of a link of the fabric; what is too much waits, up to 50 ms, and is dropped then.
    /// Undone with the link.
    ///
    /// @param bitsPerSecond of whole frames
    record LimitRate(String link, long bitsPerSecond) implements Step {
        @Override
        public String toString() {
            return "tc qdisc replace dev " + link + " root tbf rate " + bitsPerSecond + "bit";
        }
    }

    /// A link that what comes in by a port goes through, so that it can be limited.
    record CreateIfb(String name, String alias) implements Step {
        @Override
        public String toString() {
            return "ip link add " + name + " up alias '" + alias + "' type ifb";
        }
    }

    /// Sends all that comes in by the port through the ifb link. Undone with either.
    record Redirect(String port, String ifb) implements Step {
        @Override
        public String toString() {
            return "tc qdisc replace dev " + port + " ingress; tc filter replace dev " + port
                    + " ingress u32 match u32 0 0 action mirred egress redirect dev " + ifb;
        }
    }

    /// Addresses of a link in the host's namespace, which is up. It believes no router advertisement, without an IPv6
    /// address it has no IPv6 at all, and it answers ARP to none but those that the host reaches over it. Undone
    /// with the link.
    ///
    /// @param mac null where it is the parent's
    /// @param mtu bytes; 0 as it is
    record AddressHostEnd(String link, @Nullable MacAddress mac, int mtu, List<Cidr> addresses, String alias)
            implements Step {
        public AddressHostEnd {
            addresses = List.copyOf(addresses);
        }

        boolean hasIpv6() {
            return addresses.stream().anyMatch(address -> !address.isIpv4());
        }

        @Override
        public String toString() {
            return "ip -netns host link set " + link + " up" + (mac == null ? "" : " address " + mac)
                    + (mtu == 0 ? "" : " mtu " + mtu) + " alias '" + alias + "'"
                    + addresses.stream()
                            .map(address -> "; ip -netns host addr add " + address + " dev " + link)
                            .collect(joining());
        }
    }
}
