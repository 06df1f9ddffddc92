package dev.weft.netlink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Writes what stands behind a message's header: a fixed structure, then attributes, in the byte order of the machine
/// and padded to four bytes as struct nlattr wants it (linux/netlink.h). Grows as needed.
final class MessageWriter {
    private static final int ATTRIBUTE_HEADER = 4;
    private static final int LONGEST_ATTRIBUTE = 0xffff;

    private ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

    MessageWriter u8(int value) {
        room(Byte.BYTES).put((byte) value);
        return this;
    }

    MessageWriter u16(int value) {
        room(Short.BYTES).putShort((short) value);
        return this;
    }

    MessageWriter u32(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    MessageWriter attributeU64(int type, long value) {
        header(type, Long.BYTES).room(Long.BYTES).putLong(value);
        return this;
    }

    MessageWriter attribute(int type, byte[] value) {
        header(type, value.length);
        room(padded(value.length)).put(value);
        return pad();
    }

    MessageWriter attribute(int type, InetAddress address) {
        return attribute(type, address.getAddress());
    }

    /// A text as the kernel's NLA_STRING: its length is that of the attribute.
    MessageWriter attribute(int type, String text) {
        return attribute(type, text.getBytes(UTF_8));
    }

    /// A text with a zero byte behind it, for fields that are arrays in the kernel.
    MessageWriter attributeZeroTerminated(int type, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return attribute(type, Arrays.copyOf(bytes, bytes.length + 1));
    }

    MessageWriter attributeU8(int type, int value) {
        header(type, Byte.BYTES).u8(value);
        return pad();
    }

    MessageWriter attributeU8(int type, boolean value) {
        return attributeU8(type, value ? 1 : 0);
    }

    MessageWriter attributeU16(int type, int value) {
        header(type, Short.BYTES).u16(value);
        return pad();
    }

    MessageWriter attributeU32(int type, int value) {
        return header(type, Integer.BYTES).u32(value);
    }

    /// A port number and the like, in the byte order of the wire.
    MessageWriter attributeBigEndianU16(int type, int value) {
        return header(type, Short.BYTES).u8(value >> Byte.SIZE).u8(value).pad();
    }

    /// Opens an attribute that holds attributes.
    ///
    /// @return what [#end] wants
    int begin(int type) {
        header(type, 0);
        return buffer.position() - ATTRIBUTE_HEADER;
    }

    MessageWriter end(int begun) {
        int length = buffer.position() - begun;
        if (length > LONGEST_ATTRIBUTE) {
            throw new IllegalArgumentException("a netlink attribute of " + length + " bytes; 65535 is the most");
        }
        buffer.putShort(begun, (short) length);
        return this;
    }

    /// As [#end], but leaves out an attribute with nothing in it.
    MessageWriter endUnlessEmpty(int begun) {
        if (buffer.position() == begun + ATTRIBUTE_HEADER) {
            buffer.position(begun);
            return this;
        }
        return end(begun);
    }

    byte[] toBytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private MessageWriter header(int type, int valueLength) {
        int length = ATTRIBUTE_HEADER + valueLength;
        if (length > LONGEST_ATTRIBUTE) {
            throw new IllegalArgumentException("a netlink attribute of " + length + " bytes; 65535 is the most");
        }
        return u16(length).u16(type);
    }

    private MessageWriter pad() {
        while (buffer.position() % 4 != 0) {
            u8(0);
        }
        return this;
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int capacity = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
            buffer =
                    ByteBuffer.allocate(capacity).order(ByteOrder.nativeOrder()).put(buffer.flip());
        }
        return buffer;
    }

    private static int padded(int length) {
        return (length + 3) & ~3;
    }
}
