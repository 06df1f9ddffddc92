package dev.weft.netlink;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.inet.MacAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Walks over a run of attributes (struct nlattr, linux/netlink.h), one at a time: [#next], then its type and value.
/// Every read is checked against the bounds of the attribute; what does not fit is a [MalformedMessageException].
final class Attributes {
    private static final int HEADER = 4;
    private static final int MAC_ADDRESS = 6;

    private final ByteBuffer bytes;
    private int type;
    private int start;
    private int length;
    private int following;

    /// @param bytes position and limit enclose the attributes; neither is moved
    Attributes(ByteBuffer bytes) {
        this.bytes = bytes.slice().order(ByteOrder.nativeOrder());
    }

    /// Goes to the next attribute. Fewer than four bytes at the end are padding.
    boolean next() {
        if (bytes.limit() - following < HEADER) {
            return false;
        }
        int total = Short.toUnsignedInt(bytes.getShort(following));
        if (total < HEADER || total > bytes.limit() - following) {
            throw new MalformedMessageException(
                    "an attribute of " + total + " bytes where " + (bytes.limit() - following) + " are left");
        }
        type = bytes.getShort(following + 2) & Kernel.NLA_TYPE_MASK;
        start = following + HEADER;
        length = total - HEADER;
        following = Math.min((following + total + 3) & ~3, bytes.limit());
        return true;
    }

    /// Without the flags for nesting and byte order.
    int type() {
        return type;
    }

    int u8() {
        return Byte.toUnsignedInt(bytes.get(at(Byte.BYTES)));
    }

    boolean flag() {
        return u8() != 0;
    }

    int u16() {
        return Short.toUnsignedInt(bytes.getShort(at(Short.BYTES)));
    }

    int bigEndianU16() {
        int at = at(Short.BYTES);
        return Byte.toUnsignedInt(bytes.get(at)) << Byte.SIZE | Byte.toUnsignedInt(bytes.get(at + 1));
    }

    int u32() {
        return bytes.getInt(at(Integer.BYTES));
    }

    long u64() {
        return bytes.getLong(at(Long.BYTES));
    }

    /// A structure of the kernel's, of which later kernels may have more.
    ByteBuffer structure(int size) {
        return bytes.slice(at(size), size).order(ByteOrder.nativeOrder());
    }

    /// Up to the first zero byte, or the end.
    String text() {
        byte[] text = bytes();
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, UTF_8);
    }

    byte[] bytes() {
        byte[] value = new byte[length];
        bytes.get(start, value);
        return value;
    }

    /// Null for links whose addresses are not Ethernet's, such as tunnels.
    @Nullable
    MacAddress macAddress() {
        return length == MAC_ADDRESS ? MacAddress.of(bytes()) : null;
    }

    InetAddress inetAddress() {
        try {
            return InetAddress.getByAddress(bytes());
        } catch (UnknownHostException neitherLength) {
            throw new MalformedMessageException("an IP address of " + length + " bytes");
        }
    }

    Attributes nested() {
        return new Attributes(bytes.slice(start, length));
    }

    private int at(int size) {
        if (length < size) {
            throw new MalformedMessageException(
                    "attribute " + type + " has " + length + " bytes where " + size + " were expected");
        }
        return start;
    }
}
