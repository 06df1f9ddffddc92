package dev.weft.examples.ipamfile;

import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/// A subnet that is given to networks, and what of it is given to containers.
///
/// @param range     where addresses are chosen; `--ip-range`, or the whole subnet
/// @param networks  that have asked for it and have not given it back
/// @param addresses given, with how many times each was asked for by name; 0 if the driver chose it
record Pool(String space, Subnet subnet, Subnet range, int networks, Map<InetAddress, Integer> addresses) {
    Pool {
        addresses = Map.copyOf(addresses);
    }

    String id() {
        return space + "/" + subnet + (range.equals(subnet) ? "" : "/" + range);
    }

    Pool withNetworks(int count) {
        return new Pool(space, subnet, range, count, addresses);
    }

    Pool withAddress(InetAddress address, int asked) {
        var more = new HashMap<>(addresses);
        more.put(address, asked);
        return new Pool(space, subnet, range, networks, more);
    }

    /// Takes one of its askers away; unchanged if it was not given.
    Pool withoutAddress(InetAddress address) {
        var fewer = new HashMap<>(addresses);
        fewer.computeIfPresent(address, (_, asked) -> asked > 1 ? asked - 1 : null);
        return new Pool(space, subnet, range, networks, fewer);
    }

    /// Pools of one address space do not overlap, but for ranges of the same subnet.
    boolean clashesWith(Pool other) {
        return space.equals(other.space) && !subnet.equals(other.subnet) && subnet.overlaps(other.subnet);
    }

    /// All of the range that a container can have, from the lowest on. At most 2^64 of a usual IPv6 subnet: take few.
    Stream<InetAddress> candidates() {
        return Stream.iterate(range.address(), range::contains, Pool::next).filter(this::isUsable);
    }

    /// Not so are the subnet's own address and, in IPv4, its broadcast address; subnets of two or one have neither.
    boolean isUsable(InetAddress address) {
        int hostBits = subnet.address().getAddress().length * Byte.SIZE - subnet.prefixLength();
        return subnet.contains(address)
                && (hostBits < 2
                        || (!address.equals(subnet.address())
                                && !(subnet.isIpv4() && !subnet.contains(next(address)))));
    }

    /// One higher; after the highest comes the lowest.
    private static InetAddress next(InetAddress address) {
        byte[] bytes = address.getAddress();
        for (int i = bytes.length - 1; i >= 0 && ++bytes[i] == 0; i--) {}
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
