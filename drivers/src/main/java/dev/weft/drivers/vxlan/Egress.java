package dev.weft.drivers.vxlan;

import dev.weft.netlink.Link;
import dev.weft.netlink.Netlink;

/// The bridge network by which engines let containers out whose own networks have no gateway.
final class Egress {
    private static final String BRIDGE = "docker_gwbridge";

    private Egress() {}

    /// Whether it is there and has an IPv6 address that is not link-local.
    static boolean hasIpv6(Netlink host) {
        int index = host.link(BRIDGE).map(Link::index).orElse(0);
        return index != 0
                && host.addresses().stream()
                        .filter(address ->
                                address.index() == index && !address.cidr().isIpv4())
                        .anyMatch(address -> !address.cidr().address().isLinkLocalAddress());
    }
}
