package dev.weft.plugin.client;

import dev.weft.inet.AddressText;
import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.AddressSpaces;
import dev.weft.plugin.IpamDriver;
import dev.weft.plugin.PoolReply;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.Refusal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Docker's own IPAM, as far as a plugin sees it: pools of one space do not overlap, and the lowest free address is
/// given. Guarded by its own lock.
final class DefaultIpam implements IpamDriver {
    private static final String GLOBAL = "GlobalDefault";

    private record Pool(
            String space, Subnet subnet, @Nullable Subnet range, Set<InetAddress> given) {}

    private final EngineVersion engine;
    private final Map<String, Pool> pools = new HashMap<>();

    DefaultIpam(EngineVersion engine) {
        this.engine = engine;
    }

    @Override
    public AddressSpaces defaultAddressSpaces() {
        return new AddressSpaces("LocalDefault", GLOBAL);
    }

    @Override
    public synchronized PoolReply requestPool(PoolRequest request) {
        var space = request.addressSpace();
        var subnet = request.pool();
        if (subnet == null) {
            subnet = firstFree(space, request.ipv6());
        } else if (isTaken(space, subnet)) {
            throw new Refusal(engine.poolOverlaps());
        }
        var id = space + "/" + subnet;
        pools.put(id, new Pool(space, subnet, request.subPool(), new HashSet<>()));
        return new PoolReply(id, subnet);
    }

    private boolean isTaken(String space, Subnet subnet) {
        return pools.values().stream()
                .anyMatch(pool -> pool.space().equals(space) && pool.subnet().overlaps(subnet));
    }

    private Subnet firstFree(String space, boolean ipv6) {
        return defaults(space, ipv6)
                .filter(subnet -> !isTaken(space, subnet))
                .findFirst()
                .orElseThrow(() -> new Refusal("all predefined address pools have been fully subnetted"));
    }

    /// 172.17.0.0/16 is docker0's. Before 28 there are no IPv6 pools to begin with; 28 makes one up (unique local).
    private Stream<Subnet> defaults(String space, boolean ipv6) {
        if (ipv6) {
            if (!engine.hasDefaultIpv6Pools()) {
                throw new Refusal("could not find an available, non-overlapping IPv6 address pool among the defaults "
                        + "to assign to the network");
            }
            return numbered("fd00:5745:4654:%x::/64", 0, 0xffff);
        }
        if (space.equals(GLOBAL)) {
            return numbered("10.0.%d.0/24", 0, 255);
        }
        var sixteens = numbered("172.%d.0.0/16", 18, 31);
        return Stream.concat(sixteens, numbered("192.168.%d.0/24", 0, 255));
    }

    private static Stream<Subnet> numbered(String pattern, int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(number -> Subnet.parse(pattern.formatted(number)));
    }

    @Override
    public synchronized void releasePool(String poolId) {
        pools.remove(poolId);
    }

    @Override
    public synchronized Cidr requestAddress(AddressRequest request) {
        var pool = pool(request.poolId());
        var wanted = request.address();
        var address = wanted == null ? lowestFree(pool) : wanted;
        if (!pool.subnet().contains(address)) {
            throw new Refusal("requested address is out of range");
        }
        if (!pool.given().add(address)) {
            throw new Refusal("Address already in use");
        }
        return new Cidr(address, pool.subnet().prefixLength());
    }

    private Pool pool(String id) {
        var pool = pools.get(id);
        if (pool == null) {
            throw new Refusal("invalid address pool: " + id);
        }
        return pool;
    }

    /// The pool's own address and its broadcast address are left out; those of an `--ip-range` within it are not.
    private static InetAddress lowestFree(Pool pool) {
        var range = pool.range() == null ? pool.subnet() : pool.range();
        int bits = range.address().getAddress().length * Byte.SIZE;
        var first = new BigInteger(1, range.address().getAddress());
        var end = first.add(BigInteger.ONE.shiftLeft(bits - range.prefixLength()));
        var network = new BigInteger(1, pool.subnet().address().getAddress());
        var broadcast = network.add(
                        BigInteger.ONE.shiftLeft(bits - pool.subnet().prefixLength()))
                .subtract(BigInteger.ONE);
        for (var number = first; number.compareTo(end) < 0; number = number.add(BigInteger.ONE)) {
            boolean reserved = number.equals(network) || (pool.subnet().isIpv4() && number.equals(broadcast));
            var address = address(number, bits / Byte.SIZE);
            if (!reserved && !pool.given().contains(address)) {
                return address;
            }
        }
        throw new Refusal("no available IPv" + (pool.subnet().isIpv4() ? 4 : 6)
                + " addresses on this network's address pools: " + AddressText.of(range.address()) + "/"
                + range.prefixLength());
    }

    private static InetAddress address(BigInteger number, int length) {
        var bytes = new byte[length];
        var digits = number.toByteArray();
        int kept = Math.min(length, digits.length);
        System.arraycopy(digits, digits.length - kept, bytes, length - kept, kept);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public synchronized void releaseAddress(AddressKey key) {
        var pool = pools.get(key.poolId());
        if (pool != null) {
            pool.given().remove(key.address());
        }
    }
}
