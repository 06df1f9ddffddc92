package dev.weft.inet;

import java.util.HexFormat;
import java.util.regex.Pattern;

/// An Ethernet address (EUI-48), `02:42:0a:00:00:05`.
///
/// @param bits the six bytes, first byte highest; 0 to 2^48 - 1
public record MacAddress(long bits) {
    private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}");
    private static final HexFormat HEX = HexFormat.ofDelimiter(":");

    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("a MAC address has 48 bits, not 0x" + Long.toHexString(bits));
        }
    }

    /// Reads six bytes in hexadecimal with colons between.
    ///
    /// @throws IllegalArgumentException if the text is anything else; its message quotes the text
    public static MacAddress parse(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a MAC address, such as 02:42:0a:00:00:05");
        }
        long bits = 0;
        for (String part : text.split(":", -1)) {
            bits = (bits << Byte.SIZE) | Integer.parseInt(part, 16);
        }
        return new MacAddress(bits);
    }

    /// @throws IllegalArgumentException unless there are six bytes
    public static MacAddress of(byte[] bytes) {
        if (bytes.length != 6) {
            throw new IllegalArgumentException("a MAC address has 6 bytes, not " + bytes.length);
        }
        long bits = 0;
        for (byte b : bytes) {
            bits = (bits << Byte.SIZE) | Byte.toUnsignedInt(b);
        }
        return new MacAddress(bits);
    }

    public byte[] toBytes() {
        byte[] bytes = new byte[6];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (bits >>> ((5 - i) * Byte.SIZE));
        }
        return bytes;
    }

    /// Whether it names a group of stations (IEEE 802, I/G bit); a link cannot have such an address of its own.
    public boolean isMulticast() {
        return ((bits >>> 40) & 1) != 0;
    }

    @Override
    public String toString() {
        return HEX.formatHex(toBytes());
    }
}
