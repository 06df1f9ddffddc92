package dev.weft.drivers.neighbors;

import static java.util.Objects.requireNonNullElse;

import dev.weft.inet.MacAddress;
import java.net.Inet6Address;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks who has an IPv6 address (RFC 4861, section 4.3).
///
/// @param senderMac of the frame
/// @param source    `::` where the sender wants the target for itself (RFC 4862, section 5.4)
/// @param sourceMac as the message says it; null where it does not
record NeighborSolicitation(
        MacAddress senderMac,
        Inet6Address source,
        Inet6Address destination,
        Inet6Address target,
        @Nullable MacAddress sourceMac)
        implements NeighborMessage {
    /// Asks whether somebody has the address, or wants it too (RFC 4862, section 5.4.2).
    static NeighborSolicitation probe(MacAddress own, Inet6Address address) {
        return new NeighborSolicitation(own, Icmpv6.UNSPECIFIED, Icmpv6.solicitedNodeGroup(address), address, null);
    }

    /// To the group of the target's address.
    @Override
    public byte[] toFrame() {
        return Icmpv6.frame(
                Icmpv6.groupMac(Icmpv6.solicitedNodeGroup(target)),
                senderMac,
                source,
                destination,
                Icmpv6.SOLICITATION,
                0,
                target,
                Icmpv6.SOURCE_LINK_LAYER,
                sourceMac);
    }

    @Override
    public Optional<Claim> claim() {
        return Optional.of(
                source.isAnyLocalAddress()
                        ? new Claim(target, senderMac, true)
                        : new Claim(source, requireNonNullElse(sourceMac, senderMac), false));
    }
}
