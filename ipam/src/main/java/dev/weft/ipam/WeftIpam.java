package dev.weft.ipam;

import static dev.weft.plugin.Refusal.quoted;
import static java.util.Objects.requireNonNull;

import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.AddressSpaces;
import dev.weft.plugin.IpamDriver;
import dev.weft.plugin.PoolReply;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.Refusal;
import dev.weft.state.AddressRecord;
import dev.weft.state.AddressRecord.Purpose;
import dev.weft.state.Change;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import dev.weft.state.PoolRecord;
import dev.weft.state.Registry;
import dev.weft.state.SharedNetwork;
import dev.weft.state.Tombstone;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The IPAM driver `weft`, for networks of any driver. What it answers is on disk before.
///
/// Engines repeat what they ask for, or ask again for what a crash kept them from hearing, and never say who asks. So
/// what is asked for by name and is given already is given again, and counted, where nobody is known to have it:
///
/// - In the global space always: swarm asks for the same on each node and after each change of its leader.
/// - In the local space a gateway can be asked for as the gateway again. Another address of a network of Weft's is
///   nobody's if no endpoint on record has it; in a network of another driver, whose endpoints are not on record, it is
///   taken for nobody's once, if it was given by name before this process started.
///
/// What was chosen is never given a second time, and a pool that a network has is no other network's.
public final class WeftIpam implements IpamDriver {
    public static final String LOCAL = "weft-local";
    public static final String GLOBAL = "weft-global";
    public static final AddressSpaces SPACES = new AddressSpaces(LOCAL, GLOBAL);

    private final Registry registry;
    private final SubnetChoice local;
    private final SubnetChoice global;
    private final Supplier<Collection<Subnet>> routes;
    private final OwnBlocks blocks;
    private final Predicate<String> otherNetworks;

    private final Pools pools;

    /// Ids of pools, under the lock of `pools`.
    private final Set<String> askedFor = new HashSet<>();

    /// With all that is on record.
    ///
    /// @param localRanges   `ipam.local_pools`, tried in this order
    /// @param globalRanges  `ipam.global_pools`, likewise
    /// @param routes        destinations that the host has routes to, asked for with each choice
    /// @param blocks        of networks that other hosts have too
    /// @param otherNetworks whether there is, or may be, a network of this id, of another driver than Weft's
    public WeftIpam(
            Registry registry,
            List<PoolRange> localRanges,
            List<PoolRange> globalRanges,
            Supplier<Collection<Subnet>> routes,
            OwnBlocks blocks,
            Predicate<String> otherNetworks) {
        this.registry = registry;
        this.local = new SubnetChoice("ipam.local_pools", localRanges);
        this.global = new SubnetChoice("ipam.global_pools", globalRanges);
        this.routes = routes;
        this.blocks = blocks;
        this.otherNetworks = otherNetworks;
        this.pools = new Pools(registry);
    }

    @Override
    public AddressSpaces defaultAddressSpaces() {
        return SPACES;
    }

    @Override
    public PoolReply requestPool(PoolRequest request) {
        var options = PoolOptions.parse(request.options());
        var ranges = ranges(request.addressSpace());
        return pools.choosing("give a subnet", () -> {
            var pool = request.pool() == null ? chosen(request, options, ranges) : named(request, options);
            askedFor.add(pool.id());
            return new PoolReply(pool.id(), pool.subnet());
        });
    }

    private SubnetChoice ranges(String space) {
        return switch (space) {
            case LOCAL -> local;
            case GLOBAL -> global;
            default ->
                throw new Refusal(
                        "there is no address space " + quoted(space) + "; Weft has " + LOCAL + " and " + GLOBAL + ".");
        };
    }

    private PoolRecord chosen(PoolRequest request, PoolOptions options, SubnetChoice ranges) {
        if (request.subPool() != null) {
            throw new Refusal("--ip-range " + request.subPool() + " needs a --subnet of which it is a part.");
        }
        var subnet = ranges.choose(request.ipv6(), options.prefixLength(), taken());
        var pool = new PoolRecord(request.addressSpace(), subnet, subnet, null, options.given());
        pools.make(pool);
        return pool;
    }

    private Taken taken() {
        var ids = new HashSet<String>();
        var subnets = new ArrayList<Subnet>();
        for (var pool : registry.pools()) {
            ids.add(pool.id());
            subnets.add(pool.subnet());
        }
        var others = new ArrayList<Subnet>();
        for (var network : registry.networks()) {
            network.subnets().stream()
                    .filter(subnet -> !ids.contains(network.poolId(subnet)))
                    .map(NetworkSubnet::subnet)
                    .forEach(others::add);
        }
        registry.sharedNetworks().stream()
                .filter(network -> !network.removed())
                .flatMap(network -> network.subnets().stream())
                .map(NetworkSubnet::subnet)
                .forEach(others::add);
        return new Taken(subnets, others, routes.get());
    }

    private PoolRecord named(PoolRequest request, PoolOptions options) {
        var subnet = requireNonNull(request.pool());
        SubnetCheck.subnet(subnet);
        var range = request.subPool() == null ? subnet : request.subPool();
        SubnetCheck.range(subnet, range);
        var space = request.addressSpace();
        boolean repeats = options.fromSwarm() || space.equals(GLOBAL);
        var wanted = new PoolRecord(space, subnet, range, null, options.given());
        var sameSpace = registry.pools().stream()
                .filter(pool -> pool.addressSpace().equals(space))
                .filter(pool -> Objects.equals(pool.sharedId(), wanted.sharedId()))
                .toList();
        return switch (PoolChoice.of(wanted, repeats, sameSpace, this::standing)) {
            case PoolChoice.Fresh(var pool) -> {
                pools.make(pool);
                yield pool;
            }
            case PoolChoice.Repeated(var pool) -> {
                if (!repeats) {
                    pools.pool(pool.id()).asked();
                }
                yield pool;
            }
            case PoolChoice.Replaced(var pool) -> {
                pools.replace(pool);
                yield pool;
            }
        };
    }

    private PoolChoice.Standing standing(PoolRecord pool) {
        return pools.pool(pool.id())
                .standing(Optional.ofNullable(pool.networkId()).flatMap(this::title));
    }

    /// Its name, or its id; empty if there is no such network.
    private Optional<String> title(String networkId) {
        boolean gone = registry.tombstone(Tombstone.Kind.NETWORK, networkId).isPresent();
        return registry.network(networkId)
                .map(NetworkRecord::title)
                .or(() -> Optional.of(networkId).filter(id -> !gone).filter(otherNetworks));
    }

    @Override
    public void releasePool(String poolId) {
        pools.choosing("take back subnet " + quoted(poolId), () -> {
            pools.find(poolId).filter(Pool::isLastRelease).ifPresent(pool -> pools.remove(poolId));
            return poolId;
        });
    }

    /// From here on it is remembered which pools are asked for, see [#collectPool].
    public void beginLook() {
        pools.choosing("begin a look", () -> {
            askedFor.clear();
            return askedFor;
        });
    }

    /// Takes back a pool whose network is gone, however often it was asked for, unless it was asked for again since
    /// the look began; one that is not known is no error.
    ///
    /// @return whether it is gone
    public boolean collectPool(String poolId) {
        return pools.choosing("take back subnet " + quoted(poolId), () -> {
            if (askedFor.contains(poolId)) {
                return false;
            }
            pools.remove(poolId);
            return true;
        });
    }

    @Override
    public Cidr requestAddress(AddressRequest request) {
        return pools.inside(request.poolId(), "give an address of " + quoted(request.poolId()), pool -> {
                    var named = request.address();
                    var address = named == null ? choose(pool, request) : name(pool, request, named);
                    return new Cidr(address, pool.addresses().subnet().prefixLength());
                })
                .orElseThrow(() -> Pools.unknown(request.poolId()));
    }

    private InetAddress choose(Pool pool, AddressRequest request) {
        var record = pools.record(request.poolId());
        var address = (request.gateway() ? pool.chooseGateway() : chooseOwn(pool, record))
                .orElseThrow(() -> new Refusal(pool.use(record).exhaustion()));
        return giveSeized(pool, request, address);
    }

    /// Of a network of the cluster, one of a block of this host's.
    private Optional<InetAddress> chooseOwn(Pool pool, PoolRecord record) {
        var shared = shared(record);
        if (shared.isEmpty()) {
            return pool.choose(List.of(record.range()));
        }
        var network = shared.get();
        return pool.choose(blocks.own(network, record.subnet()))
                .or(() -> pool.choose(blocks.more(network, record.subnet())));
    }

    /// Id of the cluster's network that has the pool.
    private Optional<String> shared(PoolRecord record) {
        return Optional.ofNullable(record.sharedId())
                .or(() -> Optional.ofNullable(record.networkId())
                        .flatMap(registry::sharedAs)
                        .map(SharedNetwork::id));
    }

    private InetAddress name(Pool pool, AddressRequest request, InetAddress address) {
        SubnetCheck.address(pool.addresses(), address);
        pool.seize(address);
        return giveSeized(pool, request, address);
    }

    /// Once more, if it is given already.
    private InetAddress giveSeized(Pool pool, AddressRequest request, InetAddress address) {
        var known = registry.address(request.poolId(), address);
        boolean recorded = known.isPresent();
        try {
            var record = pools.record(request.poolId());
            known.flatMap(held -> held(pool, record, held).refusal(request.gateway()))
                    .ifPresent(refusal -> {
                        throw new Refusal(refusal);
                    });
            int holders = known.map(AddressRecord::holders).orElse(0) + 1;
            var given = new AddressRecord(record.id(), address, purpose(request, record, known), holders);
            registry.put(given);
            recorded = true;
            pool.given(address, given.isGateway());
            return address;
        } finally {
            if (!recorded) {
                pool.free(address);
            }
            pool.letGo(address);
        }
    }

    private static Purpose purpose(AddressRequest request, PoolRecord pool, Optional<AddressRecord> known) {
        if (request.gateway() || known.filter(AddressRecord::isGateway).isPresent()) {
            return Purpose.GATEWAY;
        }
        if (request.address() == null) {
            return Purpose.CHOSEN;
        }
        return pool.networkId() == null
                ? Purpose.AUXILIARY
                : known.map(AddressRecord::purpose).orElse(Purpose.NAMED);
    }

    private Held held(Pool pool, PoolRecord record, AddressRecord address) {
        var network = Optional.ofNullable(record.networkId()).flatMap(registry::network);
        Optional<EndpointRecord> endpoint =
                network.flatMap(known -> registry.endpointAt(known.id(), address.address()));
        boolean kept = network.isPresent()
                ? address.purpose() == Purpose.AUXILIARY
                : address.purpose() == Purpose.CHOSEN || pool.isFresh(address.address());
        return new Held(address, record.addressSpace().equals(GLOBAL), endpoint, kept);
    }

    @Override
    public void releaseAddress(AddressKey key) {
        var _ = pools.inside(key.poolId(), "take back an address of " + quoted(key.poolId()), pool -> {
            if (!pool.seizeGiven(key.address())) {
                return pool;
            }
            try {
                registry.address(key.poolId(), key.address()).ifPresent(held -> release(pool, held));
            } finally {
                pool.letGo(key.address());
            }
            return pool;
        });
    }

    private void release(Pool pool, AddressRecord held) {
        if (held.holders() > 1) {
            registry.put(held.heldBy(held.holders() - 1));
        } else {
            registry.remove(held);
            pool.free(held.address());
        }
    }

    /// Records which network has the pool; one that is not known is no error, because another IPAM driver may have
    /// given it.
    ///
    /// @throws Refusal if another network has it
    public void bind(String poolId, String networkId) {
        pools.choosing("record the network of subnet " + quoted(poolId), () -> {
            registry.pool(poolId)
                    .filter(pool -> !networkId.equals(pool.networkId()))
                    .ifPresent(pool -> {
                        Optional.ofNullable(pool.networkId())
                                .flatMap(this::title)
                                .ifPresent(other -> {
                                    throw new Refusal("subnet " + pool.subnet() + " is given already: network " + other
                                            + " has it; name another --subnet, or remove that network.");
                                });
                        registry.put(pool.usedBy(networkId));
                    });
            return poolId;
        });
    }

    /// All pools, by address space and subnet.
    public List<PoolUse> use() {
        return registry.pools().stream()
                .sorted(Comparator.comparing(PoolRecord::addressSpace)
                        .thenComparing(pool -> pool.subnet().address().getAddress(), Arrays::compareUnsigned))
                .flatMap(pool -> pools.find(pool.id()).map(live -> live.use(pool)).stream())
                .toList();
    }

    /// Puts an address on record that is in use and is not known to be given, as after a state was put back from an old
    /// copy: it is not given to others from now on.
    ///
    /// @return false if it is known, or none of a container's in that pool
    public boolean adopt(String poolId, InetAddress address) {
        return pools.inside(poolId, "record an address of " + quoted(poolId), pool -> {
                    boolean seized = pool.seizeFree(address);
                    if (seized) {
                        adopt(pool, new AddressRecord(poolId, address, Purpose.CHOSEN, 1));
                    }
                    return seized;
                })
                .orElse(false);
    }

    private void adopt(Pool pool, AddressRecord seized) {
        boolean recorded = false;
        try {
            registry.put(seized);
            recorded = true;
        } finally {
            if (!recorded) {
                pool.free(seized.address());
            }
            pool.letGo(seized.address());
        }
    }

    /// Takes back what nobody uses, gateways excepted: what this look and the last one found unused, and nobody asked
    /// for in between. So an address that was given while the caller found out what is in use stays. Likewise, what
    /// an endpoint has is held once from then on, however often crashes have made somebody ask for it.
    ///
    /// @param inUse by containers, or reserved with `--aux-address`
    /// @return what was taken back
    public Set<InetAddress> collect(String poolId, Set<InetAddress> inUse) {
        return pools.choosing("take back unused addresses of " + quoted(poolId), () -> {
            var collected = new HashSet<InetAddress>();
            pools.find(poolId)
                    .ifPresent(pool -> pool.alone(() -> {
                        var changes = new ArrayList<Change>();
                        pool.suspectedTwice(suspects(pools.record(poolId), inUse))
                                .forEach((address, suspicion) -> {
                                    var held = registry.address(poolId, address).orElseThrow();
                                    switch (suspicion) {
                                        case UNUSED -> {
                                            changes.add(Change.remove(held));
                                            collected.add(address);
                                        }
                                        case HELD_TOO_OFTEN -> changes.add(Change.put(held.heldBy(1)));
                                    }
                                });
                        registry.commit(changes);
                        collected.forEach(pool::free);
                    }));
            return collected;
        });
    }

    private Map<InetAddress, Pool.Suspicion> suspects(PoolRecord pool, Set<InetAddress> inUse) {
        var suspects = new HashMap<InetAddress, Pool.Suspicion>();
        for (var held : registry.addressesOf(pool.id())) {
            if (!held.isGateway() && !inUse.contains(held.address())) {
                suspects.put(held.address(), Pool.Suspicion.UNUSED);
            } else if (held.holders() > 1 && hasOneEndpoint(pool, held)) {
                suspects.put(held.address(), Pool.Suspicion.HELD_TOO_OFTEN);
            }
        }
        return suspects;
    }

    private boolean hasOneEndpoint(PoolRecord pool, AddressRecord held) {
        var network = pool.networkId();
        return pool.addressSpace().equals(LOCAL)
                && network != null
                && registry.endpointAt(network, held.address()).isPresent();
    }
}
