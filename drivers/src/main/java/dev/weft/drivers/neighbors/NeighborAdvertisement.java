package dev.weft.drivers.neighbors;

import static java.util.Objects.requireNonNullElse;

import dev.weft.inet.MacAddress;
import java.net.Inet6Address;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells who has an IPv6 address (RFC 4861, section 4.4).
///
/// @param senderMac of the frame
/// @param flags     the word that begins with router, solicited and override
/// @param target    the address it is about
/// @param targetMac as the message says it; null where it does not
record NeighborAdvertisement(
        MacAddress senderMac,
        Inet6Address source,
        Inet6Address destination,
        int flags,
        Inet6Address target,
        @Nullable MacAddress targetMac)
        implements NeighborMessage {
    private static final int OVERRIDE = 1 << 29;

    /// `ff02::1`, all that have IPv6 on the link.
    static final Inet6Address ALL_NODES =
            Icmpv6.address(new byte[] {(byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

    /// Tells all who have an entry for an address who has it now (RFC 4861, section 7.2.6).
    static NeighborAdvertisement announcement(MacAddress own, Inet6Address address) {
        return new NeighborAdvertisement(own, address, ALL_NODES, OVERRIDE, address, own);
    }

    /// To all nodes.
    @Override
    public byte[] toFrame() {
        return Icmpv6.frame(
                Icmpv6.groupMac(ALL_NODES),
                senderMac,
                source,
                destination,
                Icmpv6.ADVERTISEMENT,
                flags,
                target,
                Icmpv6.TARGET_LINK_LAYER,
                targetMac);
    }

    @Override
    public Optional<Claim> claim() {
        return Optional.of(new Claim(target, requireNonNullElse(targetMac, senderMac), false));
    }
}
