package dev.weft.drivers.neighbors;

import dev.weft.inet.MacAddress;
import dev.weft.netlink.PacketSocket;
import java.nio.ByteBuffer;
import java.util.Optional;

/// What stations of a LAN tell each other of their addresses, as a whole Ethernet frame.
sealed interface NeighborMessage permits ArpMessage, NeighborSolicitation, NeighborAdvertisement {
    int ETHERNET_HEADER = 14;

    /// The Ethernet address of all stations.
    MacAddress BROADCAST = MacAddress.parse("ff:ff:ff:ff:ff:ff");

    /// From the destination address on, without padding and checksum, which the link adds.
    byte[] toFrame();

    /// What the message says of who has an address; empty where it says nothing.
    Optional<Claim> claim();

    /// Empty where a frame is something else, or is damaged.
    static Optional<NeighborMessage> decode(ByteBuffer frame) {
        var bytes = frame.slice();
        if (bytes.remaining() < ETHERNET_HEADER) {
            return Optional.empty();
        }
        var source = macAddress(bytes, 6);
        var payload = bytes.slice(ETHERNET_HEADER, bytes.remaining() - ETHERNET_HEADER);
        return switch (Short.toUnsignedInt(bytes.getShort(12))) {
            case PacketSocket.ARP -> ArpMessage.decode(payload);
            case PacketSocket.IPV6 -> Icmpv6.decode(source, payload);
            default -> Optional.empty();
        };
    }

    /// The header of a frame, into its buffer.
    static ByteBuffer putEthernet(ByteBuffer frame, MacAddress destination, MacAddress source, int etherType) {
        return frame.put(destination.toBytes()).put(source.toBytes()).putShort((short) etherType);
    }

    static MacAddress macAddress(ByteBuffer bytes, int offset) {
        byte[] address = new byte[6];
        bytes.get(offset, address);
        return MacAddress.of(address);
    }
}
