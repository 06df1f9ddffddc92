package dev.weft.netlink;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.AddressText;
import dev.weft.inet.MacAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// An entry of a forwarding database: behind which link, and for VXLAN at which host, a MAC address is.
///
/// @param index         the VXLAN device ([Table#SELF]), or the bridge's port ([Table#MASTER]); a bridge's own index
///                      for its own addresses
/// @param mac           all zero on a VXLAN device: where frames go that no entry knows
/// @param destination   IP address of the host (VTEP); null in a bridge's table
/// @param vlan          0 for none
/// @param externLearned whether a program, not the link, looks after it: it does not age, and moves when the station
///                      is seen elsewhere
/// @param sticky        whether it stays behind this port when the station is seen behind another; in a bridge's table
///                      only, and since Linux 4.20: older kernels ignore it, and do not show it
public record FdbEntry(
        int index,
        MacAddress mac,
        Table table,
        @Nullable InetAddress destination,
        State state,
        int vlan,
        boolean externLearned,
        boolean sticky) {
    public static final MacAddress UNKNOWN_STATIONS = new MacAddress(0);

    /// Whose table it is in: `self` or `master` in bridge(8).
    public enum Table {
        /// The link's own, such as a VXLAN device's.
        SELF,
        /// That of the bridge the link is a port of.
        MASTER
    }

    /// Values: NUD_*, linux/neighbour.h; names: bridge(8).
    public enum State {
        /// Learned, and ages.
        DYNAMIC,
        /// Does not age.
        STATIC,
        /// Of the bridge or the port itself: frames to it are for this host.
        PERMANENT
    }

    public FdbEntry {
        requireNonNull(mac, "mac");
        requireNonNull(table, "table");
        requireNonNull(state, "state");
    }

    /// In a VXLAN device: frames to `mac` go to the host at `destination`.
    public static FdbEntry tunnel(int index, MacAddress mac, InetAddress destination) {
        return new FdbEntry(index, mac, Table.SELF, destination, State.STATIC, 0, false, false);
    }

    /// In a VXLAN device: frames that no entry knows, and broadcasts, go to `destination` (too, see
    /// [Request#appendFdb]).
    public static FdbEntry flood(int index, InetAddress destination) {
        return new FdbEntry(index, UNKNOWN_STATIONS, Table.SELF, destination, State.PERMANENT, 0, false, false);
    }

    /// In the bridge's table: `mac` is behind this port.
    public static FdbEntry port(int index, MacAddress mac) {
        return new FdbEntry(index, mac, Table.MASTER, null, State.STATIC, 0, false, false);
    }

    /// A bridge ignores the state of such an entry, and calls it dynamic.
    public FdbEntry externallyLearned() {
        var kept = table == Table.MASTER ? State.DYNAMIC : state;
        return new FdbEntry(index, mac, table, destination, kept, vlan, true, sticky);
    }

    public FdbEntry vlan(int id) {
        return new FdbEntry(index, mac, table, destination, state, id, externLearned, sticky);
    }

    /// Another that sends with this station's address does not get what is for it.
    public FdbEntry sticking() {
        return new FdbEntry(index, mac, table, destination, state, vlan, externLearned, true);
    }

    void encode(MessageWriter out) {
        int flags = table == Table.SELF ? NeighborMessage.NTF_SELF : NeighborMessage.NTF_MASTER;
        if (externLearned) {
            flags |= NeighborMessage.NTF_EXT_LEARNED;
        }
        if (sticky) {
            flags |= NeighborMessage.NTF_STICKY;
        }
        NeighborMessage.header(out, Kernel.AF_BRIDGE, index, stateBits(), flags);
        out.attribute(NeighborMessage.NDA_LLADDR, mac.toBytes());
        if (destination != null) {
            out.attribute(NeighborMessage.NDA_DST, destination);
        }
        if (vlan != 0) {
            out.attributeU16(NeighborMessage.NDA_VLAN, vlan);
        }
    }

    private int stateBits() {
        return switch (state) {
            case DYNAMIC -> NeighborMessage.NUD_REACHABLE;
            // A VXLAN device refuses what is neither permanent nor reachable (vxlan_fdb_add).
            case STATIC -> NeighborMessage.NUD_NOARP | NeighborMessage.NUD_REACHABLE;
            case PERMANENT -> NeighborMessage.NUD_NOARP | NeighborMessage.NUD_PERMANENT;
        };
    }

    /// @param body struct ndmsg and its attributes
    /// @return null where it is not about a MAC address
    static @Nullable FdbEntry decode(ByteBuffer body) {
        NeighborMessage.checkHeader(body);
        if (Byte.toUnsignedInt(body.get(0)) != Kernel.AF_BRIDGE) {
            return null;
        }
        MacAddress mac = null;
        InetAddress destination = null;
        int vlan = 0;
        boolean master = false;
        var attributes = NeighborMessage.attributes(body);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NeighborMessage.NDA_LLADDR -> mac = attributes.macAddress();
                case NeighborMessage.NDA_DST -> destination = attributes.inetAddress();
                case NeighborMessage.NDA_VLAN -> vlan = attributes.u16();
                case NeighborMessage.NDA_MASTER -> master = true;
                default -> {}
            }
        }
        if (mac == null) {
            return null;
        }
        int flags = NeighborMessage.flags(body);
        boolean self = (flags & NeighborMessage.NTF_SELF) != 0 || !master;
        return new FdbEntry(
                NeighborMessage.index(body),
                mac,
                self ? Table.SELF : Table.MASTER,
                destination,
                state(NeighborMessage.state(body)),
                vlan,
                (flags & NeighborMessage.NTF_EXT_LEARNED) != 0,
                (flags & NeighborMessage.NTF_STICKY) != 0);
    }

    private static State state(int bits) {
        if ((bits & NeighborMessage.NUD_PERMANENT) != 0) {
            return State.PERMANENT;
        }
        return (bits & NeighborMessage.NUD_NOARP) != 0 ? State.STATIC : State.DYNAMIC;
    }

    @Override
    public String toString() {
        return mac + (destination == null ? "" : " to " + AddressText.of(destination)) + " on link " + index
                + (table == Table.SELF ? " (self)" : " (master)");
    }
}
