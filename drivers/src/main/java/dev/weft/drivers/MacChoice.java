package dev.weft.drivers;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Chooses the MAC address of an endpoint for which nobody gave one.
///
/// It follows from the IP address, as in Docker's own drivers: unique in the network because the IPv4 address is, and
/// the same for the next container with that address, so that no neighbor has to learn anything.
final class MacChoice {
    /// `02:42`: locally administered, one station (IEEE 802).
    private static final long PREFIX = 0x0242L << 32;

    private MacChoice() {}

    /// @param random for endpoints without any address, as `--ipam-driver null` makes them
    static MacAddress of(@Nullable Cidr ipv4, @Nullable Cidr ipv6, RandomGenerator random) {
        var address = ipv4 != null ? ipv4 : ipv6;
        return new MacAddress(PREFIX | (address != null ? fourBytes(address) : random.nextLong(1L << 32)));
    }

    /// The address itself for IPv4; a hash of all of it for IPv6, of which neighbors in a pool differ.
    private static long fourBytes(Cidr cidr) {
        byte[] bytes = cidr.address().getAddress();
        return Integer.toUnsignedLong(cidr.isIpv4() ? ByteBuffer.wrap(bytes).getInt() : Arrays.hashCode(bytes));
    }
}
