package dev.weft.netlink;

/// What a link is, with the settings that only this kind has. Each kind is one file, with the one encoder and the one
/// decoder of its settings.
public sealed interface LinkKind permits Bridge, Dummy, Ifb, Ipvlan, LinkKind.Other, Macvlan, Veth, Vlan, Vxlan {
    /// As `ip link add ... type NAME` has it; empty for the loopback and for hardware.
    String kindName();

    /// A link of a kind that has no record here (`tun`), or of none, without its settings.
    ///
    /// @param kindName empty for the loopback and for hardware
    record Other(String kindName) implements LinkKind {}
}
