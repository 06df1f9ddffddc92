package dev.weft.drivers.lan;

import dev.weft.drivers.mode.Modes;
import dev.weft.inet.MacAddress;
import dev.weft.netlink.Link;
import dev.weft.netlink.LinkKind;
import dev.weft.netlink.LinkName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Modes for tests, on a host that does not depend on the machine.
public final class LanModes {
    public static final MacAddress PARENT_MAC = MacAddress.parse("02:00:00:00:00:e0");

    static final HostLinks HOST = host(link("lo", 65536), link("eth0", 1500), link("jumbo", 9000), link("ppp0", 1200));

    private LanModes() {}

    /// Both, on a host with the links eth0 (MTU 1500), jumbo (9000) and ppp0 (1200).
    public static Modes both() {
        return new Modes(List.of(of(LanKind.MACVLAN), of(LanKind.IPVLAN)));
    }

    static LanMode of(LanKind kind) {
        return new LanMode(kind, HOST);
    }

    static Link link(String name, int mtu) {
        return new Link(0, name, new LinkKind.Other("veth"), mtu, PARENT_MAC, true, true, 0, 0, -1, "");
    }

    static HostLinks host(Link... links) {
        return new HostLinks() {
            @Override
            public Optional<Link> link(String name) {
                LinkName.check(name); // as the kernel's do
                return Stream.of(links).filter(link -> link.name().equals(name)).findFirst();
            }

            @Override
            public List<String> names() {
                return Stream.of(links).map(Link::name).toList();
            }
        };
    }
}
