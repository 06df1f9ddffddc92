package dev.weft.drivers.plan;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.netlink.Address;
import dev.weft.netlink.BridgePort;
import dev.weft.netlink.FdbEntry;
import dev.weft.netlink.Filter;
import dev.weft.netlink.Handle;
import dev.weft.netlink.Link;
import dev.weft.netlink.Neighbor;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.netlink.Qdisc;
import dev.weft.netlink.Route;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What steps are compared with: the kernel's objects, asked for one by one or read all at once.
interface Seen {
    Optional<Link> fabricLink(String name);

    Optional<Link> hostLink(String name);

    Optional<BridgePort> port(Link link);

    /// Of the bridge's table, behind that port.
    Collection<FdbEntry> stations(Link port);

    /// ARP and ND entries of a link of the fabric.
    Collection<Neighbor> neighbors(Link link);

    Collection<Cidr> hostAddresses(Link link);

    /// Whether the host has a route to the address itself over its link.
    boolean hostReaches(InetAddress address, Link link);

    /// Whether the host's link has these of [LinkSettings], at the moment of asking: few links are asked for.
    boolean hostHasSettings(Link link, Map<String, String> wanted);

    /// Likewise of a link of the fabric.
    boolean fabricHasSettings(Link link, Map<String, String> wanted);

    Collection<Qdisc> qdiscs(Link fabricLink);

    /// Of what comes in by the port.
    Collection<Filter> filters(Link port);

    /// A route of the main table to something on a link.
    record Way(Subnet destination, int index) {}

    static Set<Way> ways(Netlink host) {
        return host.routes().stream()
                .filter(route -> route.table() == Route.MAIN_TABLE
                        && route.gateway() == null
                        && route.type() == Route.Type.UNICAST)
                .map(route -> new Way(route.destination(), route.index()))
                .collect(toSet());
    }

    private static <T> Supplier<T> once(Supplier<T> reading) {
        var result = new AtomicReference<@Nullable T>();
        return () -> {
            var known = result.get();
            if (known == null) {
                known = reading.get();
                result.set(known);
            }
            return known;
        };
    }

    /// Asks the kernel each time.
    record Live(NetworkNamespace hostNamespace, Netlink host, NetworkNamespace fabricNamespace, Netlink fabric)
            implements Seen {
        @Override
        public Optional<Link> fabricLink(String name) {
            return fabric.link(name);
        }

        @Override
        public Optional<Link> hostLink(String name) {
            return host.link(name);
        }

        @Override
        public Optional<BridgePort> port(Link link) {
            return fabric.bridgePort(link.index());
        }

        @Override
        public Collection<FdbEntry> stations(Link port) {
            return fabric.fdb(port.index());
        }

        @Override
        public Collection<Neighbor> neighbors(Link link) {
            return fabric.neighbors().stream()
                    .filter(neighbor -> neighbor.index() == link.index())
                    .toList();
        }

        @Override
        public Collection<Cidr> hostAddresses(Link link) {
            return host.addresses().stream()
                    .filter(address -> address.index() == link.index())
                    .map(Address::cidr)
                    .toList();
        }

        @Override
        public boolean hostReaches(InetAddress address, Link link) {
            return Seen.ways(host).contains(new Way(LanLinks.destination(address), link.index()));
        }

        @Override
        public boolean hostHasSettings(Link link, Map<String, String> wanted) {
            return LinkSettings.hold(hostNamespace, link.name(), wanted);
        }

        @Override
        public boolean fabricHasSettings(Link link, Map<String, String> wanted) {
            return LinkSettings.hold(fabricNamespace, link.name(), wanted);
        }

        @Override
        public Collection<Qdisc> qdiscs(Link fabricLink) {
            return fabric.qdiscs(fabricLink.index());
        }

        @Override
        public Collection<Filter> filters(Link port) {
            return fabric.filters(port.index(), Handle.INGRESS_QDISC);
        }
    }

    /// One reading of everything but filters, which the kernel lists for one link at a time: few have any; but
    /// [LinkSettings]; and but neighbors and routes, of which a host can have very many, until one is asked for.
    record Snapshot(
            NetworkNamespace hostNamespace,
            NetworkNamespace fabricNamespace,
            Netlink fabric,
            Map<String, Link> fabricLinks,
            Map<String, Link> hostLinks,
            Map<Integer, BridgePort> ports,
            Map<Integer, List<FdbEntry>> stations,
            Supplier<Map<Integer, List<Neighbor>>> neighbors,
            Map<Integer, Set<Cidr>> addresses,
            Map<Integer, List<Qdisc>> qdiscs,
            Supplier<Set<Way>> ways)
            implements Seen {
        static Snapshot of(
                NetworkNamespace hostNamespace, Netlink host, NetworkNamespace fabricNamespace, Netlink fabric) {
            var ports = new HashMap<Integer, BridgePort>();
            fabric.bridgePorts().forEach(port -> ports.put(port.index(), port));
            var stations = new HashMap<Integer, List<FdbEntry>>();
            for (var entry : fabric.fdb()) {
                stations.computeIfAbsent(entry.index(), index -> new ArrayList<>())
                        .add(entry);
            }
            var addresses = new HashMap<Integer, Set<Cidr>>();
            for (var address : host.addresses()) {
                addresses
                        .computeIfAbsent(address.index(), index -> new HashSet<>())
                        .add(address.cidr());
            }
            var qdiscs = new HashMap<Integer, List<Qdisc>>();
            for (var qdisc : fabric.qdiscs()) {
                qdiscs.computeIfAbsent(qdisc.index(), index -> new ArrayList<>())
                        .add(qdisc);
            }
            return new Snapshot(
                    hostNamespace,
                    fabricNamespace,
                    fabric,
                    byName(fabric.links()),
                    byName(host.links()),
                    ports,
                    stations,
                    once(() -> fabric.neighbors().stream().collect(groupingBy(Neighbor::index))),
                    addresses,
                    qdiscs,
                    once(() -> Seen.ways(host)));
        }

        private static Map<String, Link> byName(List<Link> links) {
            var byName = new HashMap<String, Link>();
            links.forEach(link -> byName.put(link.name(), link));
            return byName;
        }

        @Override
        public Optional<Link> fabricLink(String name) {
            return Optional.ofNullable(fabricLinks.get(name));
        }

        @Override
        public Optional<Link> hostLink(String name) {
            return Optional.ofNullable(hostLinks.get(name));
        }

        @Override
        public Optional<BridgePort> port(Link link) {
            return Optional.ofNullable(ports.get(link.index()));
        }

        @Override
        public Collection<FdbEntry> stations(Link port) {
            return stations.getOrDefault(port.index(), List.of());
        }

        @Override
        public Collection<Neighbor> neighbors(Link link) {
            return neighbors.get().getOrDefault(link.index(), List.of());
        }

        @Override
        public Collection<Cidr> hostAddresses(Link link) {
            return addresses.getOrDefault(link.index(), Set.of());
        }

        @Override
        public boolean hostReaches(InetAddress address, Link link) {
            return ways.get().contains(new Way(LanLinks.destination(address), link.index()));
        }

        @Override
        public boolean hostHasSettings(Link link, Map<String, String> wanted) {
            return LinkSettings.hold(hostNamespace, link.name(), wanted);
        }

        @Override
        public boolean fabricHasSettings(Link link, Map<String, String> wanted) {
            return LinkSettings.hold(fabricNamespace, link.name(), wanted);
        }

        @Override
        public Collection<Qdisc> qdiscs(Link fabricLink) {
            return qdiscs.getOrDefault(fabricLink.index(), List.of());
        }

        @Override
        public Collection<Filter> filters(Link port) {
            boolean any = qdiscs(port).stream().anyMatch(qdisc -> qdisc.parent().equals(Handle.INGRESS));
            return any ? fabric.filters(port.index(), Handle.INGRESS_QDISC) : List.of();
        }
    }
}
