package dev.weft.drivers;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Chooses the MAC address of an endpoint for which nobody gave one.
///
/// It follows from the IP address, as in Docker's own drivers: unique in the network because the address is, and the
/// same for the next container with that address, so that no neighbor has to learn anything.
final class MacChoice {
    /// `02:42`: locally administered, one station (IEEE 802).
    private static final long PREFIX = 0x0242L << 32;

    private MacChoice() {}

    /// @param random for endpoints without any address, as `--ipam-driver null` makes them
    static MacAddress of(@Nullable Cidr ipv4, @Nullable Cidr ipv6, RandomGenerator random) {
        var address = ipv4 != null ? ipv4 : ipv6;
        return new MacAddress(PREFIX | (address != null ? lastFourBytes(address) : random.nextLong(1L << 32)));
    }

    private static long lastFourBytes(Cidr cidr) {
        byte[] bytes = cidr.address().getAddress();
        long last = 0;
        for (int i = bytes.length - 4; i < bytes.length; i++) {
            last = (last << Byte.SIZE) | Byte.toUnsignedInt(bytes[i]);
        }
        return last;
    }
}
