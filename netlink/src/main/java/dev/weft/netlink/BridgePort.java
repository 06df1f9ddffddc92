package dev.weft.netlink;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A link as a port of a bridge.
///
/// @param bridge index of the bridge
/// @param on     the flags that are set
public record BridgePort(int index, int bridge, Set<Flag> on) {
    // linux/if_link.h
    private static final int IFLA_INFO_SLAVE_KIND = 4;
    private static final int IFLA_INFO_SLAVE_DATA = 5;

    /// What a port does; the number is that of the attribute (enum IFLA_BRPORT_*, linux/if_link.h).
    public enum Flag {
        /// Sends frames back out of the port they came from.
        HAIRPIN(4),
        /// Takes no spanning tree packets: the port goes down when one comes.
        BPDU_GUARD(5),
        /// Puts the senders of frames into the FDB.
        LEARNING(8),
        /// Sends out frames to stations that the FDB does not know.
        FLOOD(9),
        /// Sends out multicast that nobody asked for.
        MULTICAST_FLOOD(27),
        BROADCAST_FLOOD(30),
        /// Answers ARP and ND from the bridge's neighbors instead of sending it out.
        NEIGHBOR_SUPPRESS(32),
        /// Exchanges no frames with other isolated ports.
        ISOLATED(33);

        private final int attribute;

        Flag(int attribute) {
            this.attribute = attribute;
        }

        private static @Nullable Flag of(int attribute) {
            for (var flag : values()) {
                if (flag.attribute == attribute) {
                    return flag;
                }
            }
            return null;
        }
    }

    public BridgePort {
        on = Set.copyOf(on);
    }

    /// As bridge(8) sends it; flags that are not in the map stay as they are.
    static void encode(int index, Map<Flag, Boolean> change, MessageWriter out) {
        LinkMessage.header(out, Kernel.AF_BRIDGE, index, 0, 0);
        int port = out.begin(LinkMessage.IFLA_PROTINFO | Kernel.NLA_F_NESTED);
        // In the order of the enum, whatever the map's.
        for (var flag : Flag.values()) {
            Boolean value = change.get(flag);
            if (value != null) {
                out.attributeU8(flag.attribute, value);
            }
        }
        out.end(port);
    }

    /// @param body struct ifinfomsg and its attributes
    /// @return null where the link is no port of a bridge
    static @Nullable BridgePort decode(ByteBuffer body) {
        if (body.remaining() < LinkMessage.HEADER) {
            throw new MalformedMessageException("a link's description of " + body.remaining() + " bytes");
        }
        int bridge = 0;
        Set<Flag> on = null;
        var attributes = new Attributes(body.slice(LinkMessage.HEADER, body.remaining() - LinkMessage.HEADER));
        while (attributes.next()) {
            switch (attributes.type()) {
                case LinkMessage.IFLA_MASTER -> bridge = attributes.u32();
                case LinkMessage.IFLA_LINKINFO -> on = decodeFlags(attributes.nested());
                default -> {}
            }
        }
        return on == null ? null : new BridgePort(body.getInt(4), bridge, on);
    }

    private static @Nullable Set<Flag> decodeFlags(Attributes info) {
        String kind = "";
        Attributes data = null;
        while (info.next()) {
            switch (info.type()) {
                case IFLA_INFO_SLAVE_KIND -> kind = info.text();
                case IFLA_INFO_SLAVE_DATA -> data = info.nested();
                default -> {}
            }
        }
        if (!kind.equals("bridge") || data == null) {
            return null;
        }
        var on = EnumSet.noneOf(Flag.class);
        while (data.next()) {
            var flag = Flag.of(data.type());
            if (flag != null && data.flag()) {
                on.add(flag);
            }
        }
        return on;
    }

    public boolean has(Flag flag) {
        return on.contains(flag);
    }
}
