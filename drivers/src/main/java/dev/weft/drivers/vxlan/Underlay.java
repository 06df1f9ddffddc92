package dev.weft.drivers.vxlan;

import dev.weft.netlink.Link;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.Route;
import java.util.Comparator;

/// The network beneath: what carries this host's packets to other hosts, by its default route.
///
/// @param link name of the default route's link; empty if there is no default route
/// @param mtu  bytes
/// @param ipv6 whether the only default route is of IPv6
public record Underlay(String link, int mtu, boolean ipv6) {
    private static final int ETHERNET_MTU = 1500;

    /// Outer IPv4, UDP and VXLAN headers and the inner Ethernet header: 20 + 8 + 8 + 14 (RFC 7348, section 5).
    private static final int OVER_IPV4 = 50;

    private static final int OVER_IPV6 = OVER_IPV4 + 20;

    /// Reads the host's default route, the IPv4 one first; without any, an Ethernet of 1500 bytes is assumed.
    public static Underlay of(Netlink host) {
        var best = host.routes().stream()
                .filter(Underlay::isDefault)
                .min(Comparator.comparing((Route route) -> !isIpv4(route)).thenComparingInt(Route::metric));
        if (best.isEmpty()) {
            return new Underlay("", ETHERNET_MTU, false);
        }
        var route = best.get();
        return host.link(route.index())
                .map((Link link) -> new Underlay(link.name(), link.mtu(), !isIpv4(route)))
                .orElse(new Underlay("", ETHERNET_MTU, false));
    }

    private static boolean isDefault(Route route) {
        return route.destination().prefixLength() == 0
                && route.type() == Route.Type.UNICAST
                && route.table() == Route.MAIN_TABLE
                && route.index() != 0;
    }

    private static boolean isIpv4(Route route) {
        return route.destination().isIpv4();
    }

    /// Bytes that are left for an IP packet inside a VXLAN network.
    public int insideMtu() {
        return mtu - (ipv6 ? OVER_IPV6 : OVER_IPV4);
    }

    @Override
    public String toString() {
        return link.isEmpty()
                ? "no default route, so " + mtu + " bytes are assumed"
                : "default route over " + link + ", MTU " + mtu;
    }
}
