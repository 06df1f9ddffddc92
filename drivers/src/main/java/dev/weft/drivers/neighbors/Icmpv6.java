package dev.weft.drivers.neighbors;

import dev.weft.inet.MacAddress;
import dev.weft.netlink.PacketSocket;
import java.net.Inet6Address;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The form that neighbor solicitations and advertisements share (RFC 4861, sections 4.3 and 4.4): an
/// IPv6 header, an ICMPv6 header with 32 bits of flags, a target and options, of which the one with a
/// link-layer address matters.
final class Icmpv6 {
    static final int SOLICITATION = 135;
    static final int ADVERTISEMENT = 136;
    static final int SOURCE_LINK_LAYER = 1;
    static final int TARGET_LINK_LAYER = 2;

    /// `::`.
    static final Inet6Address UNSPECIFIED = address(new byte[16]);

    private static final int IPV6_HEADER = 40;
    private static final int ADDRESS_LENGTH = 16;
    private static final int NEXT_HEADER = 58;

    /// A router would have made it less: the sender is on this LAN.
    private static final int HOP_LIMIT = 255;

    /// Type, code, checksum, flags and target.
    private static final int FIXED = 24;

    private static final int CHECKSUM_OFFSET = 2;
    private static final int TARGET_OFFSET = 8;

    /// Of an option, in units of 8 bytes, with type and length: room for a MAC address.
    private static final int OPTION_UNIT = 8;

    private Icmpv6() {}

    /// @param flags     the 32 bits behind the checksum
    /// @param option    type of the option with the link-layer address
    /// @param linkLayer null for a message without that option
    static byte[] frame(
            MacAddress destinationMac,
            MacAddress sourceMac,
            Inet6Address source,
            Inet6Address destination,
            int type,
            int flags,
            Inet6Address target,
            int option,
            @Nullable MacAddress linkLayer) {
        int length = FIXED + (linkLayer == null ? 0 : OPTION_UNIT);
        byte[] bytes = new byte[NeighborMessage.ETHERNET_HEADER + IPV6_HEADER + length];
        var frame = ByteBuffer.wrap(bytes);
        NeighborMessage.putEthernet(frame, destinationMac, sourceMac, PacketSocket.IPV6)
                .putInt(6 << 28)
                .putShort((short) length)
                .put((byte) NEXT_HEADER)
                .put((byte) HOP_LIMIT)
                .put(source.getAddress())
                .put(destination.getAddress());
        int start = frame.position();
        frame.put((byte) type).put((byte) 0).putShort((short) 0).putInt(flags).put(target.getAddress());
        if (linkLayer != null) {
            frame.put((byte) option).put((byte) 1).put(linkLayer.toBytes());
        }
        var packet = frame.slice(NeighborMessage.ETHERNET_HEADER, IPV6_HEADER + length);
        frame.putShort(start + CHECKSUM_OFFSET, (short) ~sum(packet, length));
        return bytes;
    }

    /// Checks what RFC 4861 wants checked (sections 7.1.1 and 7.1.2).
    static Optional<NeighborMessage> decode(MacAddress sourceMac, ByteBuffer packet) {
        if (packet.remaining() < IPV6_HEADER + FIXED
                || (packet.get(0) & 0xf0) != 0x60
                || packet.get(6) != NEXT_HEADER
                || (packet.get(7) & 0xff) != HOP_LIMIT) {
            return Optional.empty();
        }
        int length = Short.toUnsignedInt(packet.getShort(4));
        if (length < FIXED || length > packet.remaining() - IPV6_HEADER || sum(packet, length) != 0xffff) {
            return Optional.empty();
        }
        var message = packet.slice(IPV6_HEADER, length);
        if (message.get(1) != 0) {
            return Optional.empty();
        }
        var source = address(packet, 8);
        var destination = address(packet, 24);
        var target = address(message, TARGET_OFFSET);
        if (target.isMulticastAddress()) {
            return Optional.empty();
        }
        var options = message.slice(FIXED, length - FIXED);
        return switch (message.get(0) & 0xff) {
            case SOLICITATION ->
                Optional.of(new NeighborSolicitation(
                        sourceMac, source, destination, target, linkLayer(options, SOURCE_LINK_LAYER)));
            case ADVERTISEMENT ->
                Optional.of(new NeighborAdvertisement(
                        sourceMac,
                        source,
                        destination,
                        message.getInt(4),
                        target,
                        linkLayer(options, TARGET_LINK_LAYER)));
            default -> Optional.empty();
        };
    }

    private static @Nullable MacAddress linkLayer(ByteBuffer options, int wanted) {
        int at = 0;
        while (at + OPTION_UNIT <= options.remaining()) {
            int units = options.get(at + 1) & 0xff;
            if (units == 0) {
                return null; // malformed (RFC 4861, section 4.6), and there would be no end
            }
            if (options.get(at) == wanted && units == 1) {
                return NeighborMessage.macAddress(options, at + 2);
            }
            at += units * OPTION_UNIT;
        }
        return null;
    }

    /// The sum of the Internet checksum (RFC 1071) over the pseudo header (RFC 8200, section 8.1) and
    /// the message; 0xffff where the message has the right checksum in it.
    private static int sum(ByteBuffer packet, int length) {
        int sum = length + NEXT_HEADER;
        for (int at = 8; at + 1 < IPV6_HEADER + length; at += 2) {
            sum += Short.toUnsignedInt(packet.getShort(at));
        }
        if (length % 2 != 0) {
            sum += (packet.get(IPV6_HEADER + length - 1) & 0xff) << 8;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }

    /// The group in which whoever has the address listens (RFC 4291, section 2.7.1).
    static Inet6Address solicitedNodeGroup(Inet6Address target) {
        byte[] group = new byte[ADDRESS_LENGTH];
        group[0] = (byte) 0xff;
        group[1] = 2;
        group[11] = 1;
        group[12] = (byte) 0xff;
        System.arraycopy(target.getAddress(), 13, group, 13, 3);
        return address(group);
    }

    /// The Ethernet address of a group (RFC 2464, section 7).
    static MacAddress groupMac(Inet6Address group) {
        byte[] bytes = group.getAddress();
        return MacAddress.of(new byte[] {0x33, 0x33, bytes[12], bytes[13], bytes[14], bytes[15]});
    }

    private static Inet6Address address(ByteBuffer bytes, int offset) {
        byte[] address = new byte[ADDRESS_LENGTH];
        bytes.get(offset, address);
        return address(address);
    }

    /// Unlike InetAddress.getByAddress, never an IPv4 address.
    static Inet6Address address(byte[] bytes) {
        try {
            return Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("sixteen bytes are an IPv6 address", impossible);
        }
    }
}
