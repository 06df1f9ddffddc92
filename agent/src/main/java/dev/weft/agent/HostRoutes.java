package dev.weft.agent;

import dev.weft.inet.Subnet;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.Route;
import dev.weft.plugin.Refusal;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/// Where this host sends packets to, as the kernel has it now: a network that took such a subnet would cut the host off
/// from it. Bridges of Weft's networks have no routes here.
record HostRoutes(Netlink host) implements Supplier<Collection<Subnet>> {
    /// Every host has routes to these, whatever is reached over them.
    private static final List<Subnet> EVERYWHERE = List.of(
            Subnet.parse("127.0.0.0/8"),
            Subnet.parse("169.254.0.0/16"),
            Subnet.parse("224.0.0.0/4"),
            Subnet.parse("::1/128"),
            Subnet.parse("fe80::/10"),
            Subnet.parse("ff00::/8"));

    /// @throws Refusal if they cannot be read
    @Override
    public Collection<Subnet> get() {
        try {
            return host.routes().stream()
                    .map(Route::destination)
                    .filter(destination -> destination.prefixLength() > 0)
                    .filter(destination ->
                            EVERYWHERE.stream().noneMatch(everywhere -> everywhere.contains(destination.address())))
                    .distinct()
                    .toList();
        } catch (NetlinkException failure) {
            throw new Refusal(
                    "cannot choose a subnet, because the routes of this host cannot be read: " + failure.getMessage()
                            + "; name one with --subnet.",
                    failure);
        }
    }
}
