package dev.weft.drivers.lan;

import dev.weft.netlink.Link;
import dev.weft.netlink.Netlink;
import java.util.List;
import java.util.Optional;

/// The links of the host's own network namespace.
interface HostLinks {
    Optional<Link> link(String name);

    /// Of all.
    List<String> names();

    static HostLinks of(Netlink host) {
        return new HostLinks() {
            @Override
            public Optional<Link> link(String name) {
                return host.link(name);
            }

            @Override
            public List<String> names() {
                return host.links().stream().map(Link::name).toList();
            }
        };
    }
}
