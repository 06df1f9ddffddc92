package dev.weft.netlink;

import java.nio.ByteBuffer;

/// An Ethernet frame that a [PacketSocket] received.
///
/// @param link  index of the link that it came in by
/// @param bytes from the destination address on, without VLAN tag and checksum; of a frame longer than 2048 bytes the
///              first 2048
public record Frame(int link, ByteBuffer bytes) {
    public Frame {
        bytes = bytes.asReadOnlyBuffer();
    }

    /// Another view of the same bytes each time, so that one reader's position is not the next one's.
    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }
}
