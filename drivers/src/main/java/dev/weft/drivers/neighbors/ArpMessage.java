package dev.weft.drivers.neighbors;

import dev.weft.inet.MacAddress;
import dev.weft.netlink.PacketSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// ARP for IPv4 over Ethernet (RFC 826).
///
/// @param request     false for a reply
/// @param sender      0.0.0.0 in a probe
/// @param targetMac   zero where it is asked for
record ArpMessage(boolean request, MacAddress senderMac, Inet4Address sender, MacAddress targetMac, Inet4Address target)
        implements NeighborMessage {
    private static final int LENGTH = 28;

    // RFC 826, and the ARP parameters of IANA
    private static final int ETHERNET = 1;
    private static final int IPV4 = 0x0800;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;
    private static final int MAC_LENGTH = 6;
    private static final int ADDRESS_LENGTH = 4;

    private static final MacAddress UNKNOWN = new MacAddress(0);
    private static final Inet4Address NONE = address(new byte[ADDRESS_LENGTH]);

    /// Asks who has an address, without changing anybody's entry for it (RFC 5227, section 2.1.1).
    static ArpMessage probe(MacAddress own, Inet4Address address) {
        return new ArpMessage(true, own, NONE, UNKNOWN, address);
    }

    /// Tells all who have an entry for an address who has it now (RFC 5227, section 2.3).
    static ArpMessage announcement(MacAddress own, Inet4Address address) {
        return new ArpMessage(true, own, address, UNKNOWN, address);
    }

    /// To all stations.
    @Override
    public byte[] toFrame() {
        byte[] frame = new byte[ETHERNET_HEADER + LENGTH];
        NeighborMessage.putEthernet(ByteBuffer.wrap(frame), BROADCAST, senderMac, PacketSocket.ARP)
                .putShort((short) ETHERNET)
                .putShort((short) IPV4)
                .put((byte) MAC_LENGTH)
                .put((byte) ADDRESS_LENGTH)
                .putShort((short) (request ? REQUEST : REPLY))
                .put(senderMac.toBytes())
                .put(sender.getAddress())
                .put(targetMac.toBytes())
                .put(target.getAddress());
        return frame;
    }

    static Optional<NeighborMessage> decode(ByteBuffer payload) {
        if (payload.remaining() < LENGTH
                || payload.getShort(0) != ETHERNET
                || payload.getShort(2) != IPV4
                || payload.get(4) != MAC_LENGTH
                || payload.get(5) != ADDRESS_LENGTH) {
            return Optional.empty();
        }
        int operation = payload.getShort(6);
        if (operation != REQUEST && operation != REPLY) {
            return Optional.empty();
        }
        return Optional.of(new ArpMessage(
                operation == REQUEST,
                NeighborMessage.macAddress(payload, 8),
                address(payload, 14),
                NeighborMessage.macAddress(payload, 18),
                address(payload, 24)));
    }

    @Override
    public Optional<Claim> claim() {
        if (!sender.equals(NONE)) {
            return Optional.of(new Claim(sender, senderMac, false));
        }
        return request ? Optional.of(new Claim(target, senderMac, true)) : Optional.empty();
    }

    private static Inet4Address address(ByteBuffer bytes, int offset) {
        byte[] address = new byte[ADDRESS_LENGTH];
        bytes.get(offset, address);
        return address(address);
    }

    private static Inet4Address address(byte[] bytes) {
        try {
            return (Inet4Address) InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("four bytes are an IPv4 address", impossible);
        }
    }
}
