package dev.weft.inet;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A block of addresses that share a prefix, `10.0.0.0/24` or `fd00::/64`; the bits behind the prefix are zero.
///
/// @param address      the lowest address
/// @param prefixLength bits, 0 to 32 (IPv4) or 0 to 128 (IPv6)
public record Subnet(InetAddress address, int prefixLength) {
    public Subnet {
        requireNonNull(address, "address");
        byte[] bytes = address.getAddress();
        if (prefixLength < 0 || prefixLength > bytes.length * Byte.SIZE) {
            throw new IllegalArgumentException(
                    "prefix length " + prefixLength + " is not between 0 and " + bytes.length * Byte.SIZE);
        }
        if (!Arrays.equals(bytes, masked(bytes, prefixLength))) {
            throw new IllegalArgumentException(AddressText.of(address) + "/" + prefixLength
                    + " has bits behind its prefix; the subnet is " + containing(address, prefixLength));
        }
    }

    /// Reads `address/length`; never asks a name server.
    ///
    /// @throws IllegalArgumentException if the text is anything else or has bits behind the prefix
    public static Subnet parse(String text) {
        var cidr = Cidr.parse(text);
        return new Subnet(cidr.address(), cidr.prefixLength());
    }

    /// The subnet of that length in which the address lies.
    public static Subnet containing(InetAddress address, int prefixLength) {
        return new Subnet(of(masked(address.getAddress(), prefixLength)), prefixLength);
    }

    public boolean contains(InetAddress other) {
        byte[] bytes = other.getAddress();
        return bytes.length == address.getAddress().length
                && Arrays.equals(address.getAddress(), masked(bytes, prefixLength));
    }

    /// Whether all of the other is in this one.
    public boolean contains(Subnet other) {
        return prefixLength <= other.prefixLength && contains(other.address);
    }

    /// The highest address.
    public InetAddress last() {
        byte[] bytes = address.getAddress();
        for (int bit = prefixLength; bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / Byte.SIZE] |= (byte) (0x80 >> bit % Byte.SIZE);
        }
        return of(bytes);
    }

    /// The address below the lowest; empty if there is none.
    public Optional<InetAddress> below() {
        return neighbor(address.getAddress(), -1);
    }

    /// The address above the highest; empty if there is none.
    public Optional<InetAddress> above() {
        return neighbor(last().getAddress(), 1);
    }

    private static Optional<InetAddress> neighbor(byte[] bytes, int step) {
        for (int i = bytes.length - 1; i >= 0; i--) {
            bytes[i] += (byte) step;
            if (bytes[i] != (step < 0 ? (byte) 0xff : 0)) {
                return Optional.of(of(bytes));
            }
        }
        return Optional.empty();
    }

    /// What is left of this one without the part, in as few subnets as there can be, lowest first.
    ///
    /// @throws IllegalArgumentException if the other is no part of this one
    public List<Subnet> without(Subnet part) {
        if (!contains(part)) {
            throw new IllegalArgumentException(part + " is no part of " + this);
        }
        var rest = new ArrayList<Subnet>();
        for (int length = prefixLength + 1; length <= part.prefixLength; length++) {
            rest.add(containing(part.address, length).sibling());
        }
        rest.sort(Comparator.comparing(subnet -> subnet.address.getAddress(), Arrays::compareUnsigned));
        return rest;
    }

    /// The other half of the next larger one.
    private Subnet sibling() {
        byte[] bytes = address.getAddress();
        int bit = prefixLength - 1;
        bytes[bit / Byte.SIZE] ^= (byte) (0x80 >> bit % Byte.SIZE);
        return new Subnet(of(bytes), prefixLength);
    }

    public boolean overlaps(Subnet other) {
        return contains(other.address) || other.contains(address);
    }

    public boolean isIpv4() {
        return address.getAddress().length == 4;
    }

    @Override
    public String toString() {
        return AddressText.of(address) + "/" + prefixLength;
    }

    private static byte[] masked(byte[] bytes, int prefixLength) {
        byte[] masked = bytes.clone();
        int whole = (prefixLength + Byte.SIZE - 1) / Byte.SIZE;
        Arrays.fill(masked, whole, masked.length, (byte) 0);
        if (prefixLength % Byte.SIZE != 0) {
            masked[whole - 1] &= (byte) (0xff << (Byte.SIZE - prefixLength % Byte.SIZE));
        }
        return masked;
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", impossible);
        }
    }
}
