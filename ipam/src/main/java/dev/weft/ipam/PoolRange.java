package dev.weft.ipam;

import dev.weft.inet.Subnet;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where subnets are chosen for networks that name none.
///
/// @param base         what is divided
/// @param prefixLength of each subnet, at least the base's
public record PoolRange(Subnet base, int prefixLength) {
    private static final Pattern TEXT = Pattern.compile("(\\S+) by /([0-9]{1,3})");

    /// @throws IllegalArgumentException if no subnet of that length is within the base
    public PoolRange {
        int bits = bits(base);
        if (prefixLength < base.prefixLength() || prefixLength > bits) {
            throw new IllegalArgumentException("subnets of " + base + " have a prefix length of " + base.prefixLength()
                    + " to " + bits + ", not " + prefixLength);
        }
    }

    /// Reads what [#toString] writes.
    ///
    /// @throws IllegalArgumentException if the text is anything else; the message says what is wrong with it
    public static PoolRange parse(String text) {
        var parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a subnet and the length of its parts, such as 10.64.0.0/10 by /24");
        }
        return new PoolRange(Subnet.parse(parts.group(1)), Integer.parseInt(parts.group(2)));
    }

    /// The lowest subnet that overlaps none of those that are taken; empty if there is none. The time grows with the
    /// number of those, not with the size of the base.
    ///
    /// @param taken in any order, of either family, overlapping each other or not
    public Optional<Subnet> firstFree(Collection<Subnet> taken) {
        var inTheWay = taken.stream()
                .filter(base::overlaps)
                .sorted(Comparator.comparing(PoolRange::first))
                .toList();
        var size = BigInteger.ONE.shiftLeft(bits(base) - prefixLength);
        var candidate = first(base);
        for (var subnet : inTheWay) {
            if (candidate.add(size).compareTo(first(subnet)) <= 0) {
                break;
            }
            candidate = candidate.max(roundedUp(end(subnet), size));
        }
        return candidate.add(size).compareTo(end(base)) <= 0 ? Optional.of(subnet(candidate)) : Optional.empty();
    }

    private static BigInteger roundedUp(BigInteger address, BigInteger size) {
        return address.add(size).subtract(BigInteger.ONE).divide(size).multiply(size);
    }

    private static int bits(Subnet subnet) {
        return subnet.address().getAddress().length * Byte.SIZE;
    }

    private static BigInteger first(Subnet subnet) {
        return new BigInteger(1, subnet.address().getAddress());
    }

    /// The first address behind it.
    private static BigInteger end(Subnet subnet) {
        return first(subnet).add(BigInteger.ONE.shiftLeft(bits(subnet) - subnet.prefixLength()));
    }

    private Subnet subnet(BigInteger first) {
        var bytes = new byte[bits(base) / Byte.SIZE];
        var number = first.toByteArray();
        int length = Math.min(number.length, bytes.length);
        System.arraycopy(number, number.length - length, bytes, bytes.length - length, length);
        try {
            return new Subnet(InetAddress.getByAddress(bytes), prefixLength);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// `10.64.0.0/10 by /24`.
    @Override
    public String toString() {
        return base + " by /" + prefixLength;
    }
}
