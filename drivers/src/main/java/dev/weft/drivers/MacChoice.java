package dev.weft.drivers;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.Refusal;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Chooses the MAC address of an endpoint.
///
/// Where nobody gave one it follows from the IP address, as in Docker's own drivers: unique in the network because the
/// IPv4 address is, and
/// the same for the next container with that address, so that no neighbor has to learn anything.
final class MacChoice {
    /// `02:42`: locally administered, one station (IEEE 802).
    private static final long PREFIX = 0x0242L << 32;

    private MacChoice() {}

    /// @param shared what all endpoints of the network have; null where each has one of its own
    /// @param random see [#of]
    /// @throws Refusal if the one that was asked for cannot be
    static MacAddress asked(CreateEndpointRequest request, @Nullable MacAddress shared, RandomGenerator random) {
        var wanted = request.mac();
        if (shared != null && wanted != null) {
            throw new Refusal("endpoints of this network have the MAC address of their parent, " + shared
                    + "; leave out --mac-address " + wanted + ", or use a network of mode macvlan.");
        }
        if (wanted != null && (wanted.isMulticast() || wanted.bits() == 0)) {
            throw new Refusal(
                    "MAC address " + wanted + " cannot be a container's; give one whose first byte is even and"
                            + " which is not zero, such as 02:42:0a:00:00:05.");
        }
        if (shared != null) {
            return shared;
        }
        return wanted != null ? wanted : of(request.address(), request.addressIpv6(), random);
    }

    /// @param random for endpoints without any address, as `--ipam-driver null` makes them
    static MacAddress of(@Nullable Cidr ipv4, @Nullable Cidr ipv6, RandomGenerator random) {
        var address = ipv4 != null ? ipv4 : ipv6;
        return new MacAddress(PREFIX | (address != null ? fourBytes(address) : random.nextLong(1L << 32)));
    }

    /// The address itself for IPv4. For IPv6 its last four bytes, changed by what comes before them: addresses that
    /// differ in the last four alone, as those of a pool mostly do, never get the same.
    private static long fourBytes(Cidr cidr) {
        var bytes = ByteBuffer.wrap(cidr.address().getAddress());
        if (cidr.isIpv4()) {
            return Integer.toUnsignedLong(bytes.getInt());
        }
        long before = mixed(mixed(bytes.getLong()) + bytes.getInt());
        return Integer.toUnsignedLong((int) before ^ bytes.getInt());
    }

    /// Bits each of which depends on all of those given (the finalizer of MurmurHash3).
    private static long mixed(long bits) {
        long once = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
        long twice = (once ^ once >>> 33) * 0xc4ceb9fe1a85ec53L;
        return twice ^ twice >>> 33;
    }
}
