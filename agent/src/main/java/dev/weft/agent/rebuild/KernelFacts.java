package dev.weft.agent.rebuild;

import static java.util.stream.Collectors.toMap;

import dev.weft.drivers.plan.NetlinkKernel;
import dev.weft.drivers.vxlan.Underlay;
import dev.weft.inet.Cidr;
import dev.weft.netlink.Address;
import dev.weft.netlink.Bridge;
import dev.weft.netlink.Link;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// What the kernel has of ours.
///
/// @param aliases       of the links in the fabric
/// @param bridges       their MTU in bytes, by alias
/// @param hostAddresses of links by which the host is in networks, by alias
/// @param hostLinks     in the host's own network namespace, by name
/// @param underlay      whose MTU networks follow
record KernelFacts(
        Set<String> aliases,
        Map<String, Integer> bridges,
        Map<String, List<Cidr>> hostAddresses,
        Map<String, Link> hostLinks,
        Underlay underlay) {
    KernelFacts {
        aliases = Set.copyOf(aliases);
        bridges = Map.copyOf(bridges);
        hostAddresses = Map.copyOf(hostAddresses);
        hostLinks = Map.copyOf(hostLinks);
    }

    /// @param fabric name of the network namespace of the bridges, which need not exist
    static KernelFacts read(String fabric) {
        try (var namespace = NetworkNamespace.current();
                var host = Netlink.open(namespace)) {
            var links = fabricLinks(fabric);
            var aliases = new HashSet<String>();
            var bridges = new HashMap<String, Integer>();
            for (var link : links) {
                aliases.add(link.alias());
                if (link.kind() instanceof Bridge) {
                    bridges.put(link.alias(), link.mtu());
                }
            }
            return new KernelFacts(aliases, bridges, hostAddresses(host), hostLinks(host), Underlay.of(host));
        }
    }

    private static Map<String, Link> hostLinks(Netlink host) {
        return host.links().stream().collect(toMap(Link::name, Function.identity()));
    }

    private static List<Link> fabricLinks(String fabric) {
        if (!NetworkNamespace.exists(fabric)) {
            return List.of();
        }
        try (var namespace = NetworkNamespace.named(fabric);
                var inside = Netlink.open(namespace)) {
            return inside.links().stream()
                    .filter(link -> link.alias().startsWith(NetlinkKernel.OURS))
                    .toList();
        }
    }

    private static Map<String, List<Cidr>> hostAddresses(Netlink host) {
        var found = new HashMap<String, List<Cidr>>();
        var addresses = host.addresses();
        for (var link : host.links()) {
            if (link.alias().startsWith(NetlinkKernel.OURS)) {
                found.put(
                        link.alias(),
                        addresses.stream()
                                .filter(address -> address.index() == link.index())
                                .map(Address::cidr)
                                .toList());
            }
        }
        return found;
    }
}
