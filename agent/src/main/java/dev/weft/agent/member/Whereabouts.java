package dev.weft.agent.member;

import dev.weft.netlink.Address;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.Route;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Addresses by which other hosts reach this one: those it sends from to where it has no other route.
final class Whereabouts {
    private Whereabouts() {}

    /// One of each family at most.
    static List<InetAddress> of(Netlink host) {
        var routes = host.routes();
        var addresses = host.addresses();
        return Stream.of(true, false)
                .flatMap(ipv4 -> of(routes, addresses, ipv4).stream())
                .toList();
    }

    private static Optional<InetAddress> of(List<Route> routes, List<Address> addresses, boolean ipv4) {
        return routes.stream()
                .filter(route -> route.destination().prefixLength() == 0
                        && route.destination().isIpv4() == ipv4
                        && route.type() == Route.Type.UNICAST
                        && route.table() == Route.MAIN_TABLE
                        && route.index() != 0)
                .min(Comparator.comparingInt(Route::metric))
                .flatMap(route -> Optional.ofNullable(route.source()).or(() -> first(addresses, route.index(), ipv4)));
    }

    private static Optional<InetAddress> first(List<Address> addresses, int index, boolean ipv4) {
        return addresses.stream()
                .filter(address -> address.index() == index && address.cidr().isIpv4() == ipv4)
                .filter(address -> !address.cidr().address().isLinkLocalAddress())
                .min(Comparator.comparing((Address address) -> !address.permanent()))
                .map(address -> address.cidr().address());
    }
}
