package dev.weft.netlink;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.AddressText;
import dev.weft.inet.MacAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// An entry of the ARP (IPv4) or ND (IPv6) table.
///
/// @param index         the link
/// @param mac           null while it is not known
/// @param externLearned whether a program, not the kernel, looks after it
public record Neighbor(
        int index, InetAddress address, @Nullable MacAddress mac, State state, boolean externLearned) {
    /// How far the kernel trusts the entry. Values: NUD_*, linux/neighbour.h.
    public enum State {
        NONE(0),
        INCOMPLETE(NeighborMessage.NUD_INCOMPLETE),
        REACHABLE(NeighborMessage.NUD_REACHABLE),
        STALE(NeighborMessage.NUD_STALE),
        DELAY(NeighborMessage.NUD_DELAY),
        PROBE(NeighborMessage.NUD_PROBE),
        FAILED(NeighborMessage.NUD_FAILED),
        /// No resolution is needed: multicast, loopback.
        NO_ARP(NeighborMessage.NUD_NOARP),
        /// Set by hand; stays until it is deleted or the link goes down for good.
        PERMANENT(NeighborMessage.NUD_PERMANENT);

        private final int value;

        State(int value) {
            this.value = value;
        }

        private static @Nullable State of(int value) {
            for (var state : values()) {
                if (state.value == value) {
                    return state;
                }
            }
            return null;
        }
    }

    public Neighbor {
        requireNonNull(address, "address");
        requireNonNull(state, "state");
    }

    public static Neighbor permanent(int index, InetAddress address, MacAddress mac) {
        return new Neighbor(index, address, mac, State.PERMANENT, false);
    }

    void encode(MessageWriter out) {
        int flags = externLearned ? NeighborMessage.NTF_EXT_LEARNED : 0;
        NeighborMessage.header(out, Address.family(address), index, state.value, flags);
        out.attribute(NeighborMessage.NDA_DST, address);
        if (mac != null) {
            out.attribute(NeighborMessage.NDA_LLADDR, mac.toBytes());
        }
    }

    void encodeForDeletion(MessageWriter out) {
        NeighborMessage.header(out, Address.family(address), index, state.value, 0);
        out.attribute(NeighborMessage.NDA_DST, address);
    }

    /// @param body struct ndmsg and its attributes
    /// @return null where it is not about an IP address, or in a state newer than this code
    static @Nullable Neighbor decode(ByteBuffer body) {
        NeighborMessage.checkHeader(body);
        int family = Byte.toUnsignedInt(body.get(0));
        var state = State.of(NeighborMessage.state(body));
        if (state == null || (family != Kernel.AF_INET && family != Kernel.AF_INET6)) {
            return null;
        }
        InetAddress address = null;
        MacAddress mac = null;
        var attributes = NeighborMessage.attributes(body);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NeighborMessage.NDA_DST -> address = attributes.inetAddress();
                case NeighborMessage.NDA_LLADDR -> mac = attributes.macAddress();
                default -> {}
            }
        }
        if (address == null) {
            throw new MalformedMessageException("a neighbor without an address");
        }
        boolean externLearned = (NeighborMessage.flags(body) & NeighborMessage.NTF_EXT_LEARNED) != 0;
        return new Neighbor(NeighborMessage.index(body), address, mac, state, externLearned);
    }

    @Override
    public String toString() {
        return AddressText.of(address) + (mac == null ? "" : " at " + mac) + " on link " + index + " (" + state + ")";
    }
}
