package dev.weft.inet;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An interface's address with the length of its subnet's prefix, `10.0.0.5/24` or `fd00::5/64`. Host bits are kept.
///
/// @param prefixLength bits, 0 to 32 (IPv4) or 0 to 128 (IPv6)
public record Cidr(InetAddress address, int prefixLength) {
    /// The JDK would take `10.1` for 10.0.0.1, an IPv4 address in IPv6 form for an IPv4 one, and signs.
    private static final Pattern TEXT =
            Pattern.compile("([0-9]+(\\.[0-9]+){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]*)/[0-9]{1,3}");

    public Cidr {
        requireNonNull(address, "address");
        int bits = address.getAddress().length * Byte.SIZE;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new IllegalArgumentException("prefix length " + prefixLength + " is not between 0 and " + bits);
        }
    }

    /// Reads `address/length`; never asks a name server.
    ///
    /// @throws IllegalArgumentException if the text is anything else; its message quotes the text
    public static Cidr parse(String text) {
        try {
            if (TEXT.matcher(text).matches()) {
                int slash = text.indexOf('/');
                return new Cidr(
                        InetAddress.ofLiteral(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
            }
        } catch (IllegalArgumentException notAnAddress) {
            throw malformed(text, notAnAddress);
        }
        throw malformed(text, null);
    }

    private static IllegalArgumentException malformed(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "'" + text + "' is not an address with a prefix length, such as 10.0.0.5/24", cause);
    }

    public Subnet subnet() {
        return Subnet.containing(address, prefixLength);
    }

    public boolean isIpv4() {
        return address.getAddress().length == 4;
    }

    @Override
    public String toString() {
        return AddressText.of(address) + "/" + prefixLength;
    }
}
