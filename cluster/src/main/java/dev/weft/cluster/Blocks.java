package dev.weft.cluster;

import dev.weft.inet.AddressText;
import dev.weft.inet.Subnet;
import dev.weft.state.Block;
import dev.weft.state.BlockMap;
import dev.weft.state.HostRecord;
import dev.weft.state.Registry;
import dev.weft.state.RemoteEndpoint;
import dev.weft.state.SharedNetwork;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/// Which addresses of the cluster's networks are this host's to give, and how it comes to more of them. Any thread may
/// call.
public final class Blocks {
    /// Whoever started a container waits for it.
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    /// More than this many others that change the same map at the same moment there never are.
    private static final int TRIES = 50;

    /// Bits of an address within a block, at most.
    private static final int LARGEST_IPV4 = 10;

    private static final int LARGEST_IPV6 = 16;

    /// Of an IPv6 subnet, blocks are of the first 2^48 addresses.
    private static final int IPV6_BITS = 48;

    private final Registry registry;
    private final Supplier<? extends Store> store;
    private final String self;

    /// @param store throws [StoreException] while there is none
    public Blocks(Registry registry, Supplier<? extends Store> store) {
        this.registry = registry;
        this.store = store;
        this.self = registry.member().orElseThrow().id();
    }

    /// Those of which this host may give addresses, without asking anyone.
    public List<Subnet> own(String network, Subnet subnet) {
        return registry.blockMap(network, subnet).stream()
                .flatMap(map -> map.of(self).stream())
                .filter(Block::active)
                .map(Block::range)
                .toList();
    }

    /// A block of its usual size.
    static int prefixLength(Subnet subnet) {
        int bits = bits(subnet) - subnet.prefixLength();
        int largest = subnet.isIpv4() ? LARGEST_IPV4 : LARGEST_IPV6;
        return bits(subnet) - Math.min(bits / 2, largest);
    }

    private static int bits(Subnet subnet) {
        return subnet.address().getAddress().length * Byte.SIZE;
    }

    private static Subnet partWithBlocks(Subnet subnet) {
        return subnet.isIpv4() || subnet.prefixLength() >= bits(subnet) - IPV6_BITS
                ? subnet
                : Subnet.containing(subnet.address(), bits(subnet) - IPV6_BITS);
    }

    /// The map of a new network: its creator has the lowest block, because Docker's own IPAM goes upward from there,
    /// and what it has given beyond that.
    static BlockMap first(String network, Subnet subnet, String creator, List<InetAddress> given) {
        var map = BlockMap.free(network, subnet);
        var lowest = map.lowestFree(prefixLength(subnet));
        map = lowest.isPresent() ? map.take(lowest.get(), creator, true) : map;
        for (var address : given) {
            var single = Subnet.containing(address, bits(subnet));
            if (map.isFree(single)) {
                map = map.take(single, creator, true);
            }
        }
        return map;
    }

    /// Takes another block, within 2 s.
    ///
    /// @return all that are this host's then
    /// @throws StoreException if it cannot, saying why
    public List<Subnet> more(String network, Subnet subnet) {
        change(network, subnet, map -> another(map, network));
        return own(network, subnet);
    }

    private BlockMap another(BlockMap map, String network) {
        boolean isCreator = registry.sharedNetwork(network)
                .map(shared -> shared.creator().equals(self))
                .orElse(false);
        for (int length = prefixLength(map.subnet()); length <= bits(map.subnet()); length++) {
            var range = isCreator
                    ? map.lowestFree(length)
                    : map.highestFree(length, partWithBlocks(map.subnet())).or(() -> fromBelow(map));
            if (range.isPresent()) {
                return map.take(range.get(), self, true);
            }
        }
        throw new StoreException("all addresses of " + map.subnet() + " belong to hosts already: " + owners(map)
                + "; create the network with a larger --subnet");
    }

    private static Optional<Subnet> fromBelow(BlockMap map) {
        return map.subnet().equals(partWithBlocks(map.subnet()))
                ? Optional.empty()
                : map.lowestFree(prefixLength(map.subnet()));
    }

    private String owners(BlockMap map) {
        return String.join(
                ", ",
                map.blocks().stream()
                        .map(block -> name(block.host()))
                        .distinct()
                        .sorted()
                        .toList());
    }

    private String name(String host) {
        return registry.host(host).map(HostRecord::name).orElse(host);
    }

    /// Sees to it that half a block is free, so that containers start while the store is away; and that what was given
    /// before the network was the cluster's is this host's.
    ///
    /// @param networkId on this host
    /// @throws StoreException if it cannot, saying why
    void supply(String networkId, SharedNetwork network, Subnet subnet) {
        var given = registry.endpointsOf(networkId).stream()
                .flatMap(endpoint -> endpoint.addresses().stream())
                .filter(subnet::contains)
                .toList();
        for (var address : given) {
            if (!isOwn(network.id(), subnet, address)) {
                claim(network, address);
            }
        }
        long size = own(network.id(), subnet).stream().mapToLong(Blocks::size).sum();
        boolean isScarce = size - given.size() < size(Subnet.containing(subnet.address(), prefixLength(subnet))) / 2;
        if (isScarce && hasFree(network.id(), subnet)) {
            change(network.id(), subnet, map -> another(map, network.id()));
        }
    }

    private boolean hasFree(String network, Subnet subnet) {
        return registry.blockMap(network, subnet)
                .map(map -> map.lowestFree(bits(subnet)).isPresent())
                .orElse(true);
    }

    private static long size(Subnet range) {
        return 1L << Math.min(Integer.SIZE, bits(range) - range.prefixLength());
    }

    /// Makes sure that an address is this host's, within 2 s; at once if it is in a block of its own.
    ///
    /// @throws StoreException if it is another's, or if the store does not answer
    public void claim(SharedNetwork network, InetAddress address) {
        var subnet = network.subnets().stream()
                .map(one -> one.subnet())
                .filter(one -> one.contains(address))
                .findFirst();
        refuseHeld(network, address);
        if (subnet.isEmpty() || isOwn(network.id(), subnet.get(), address)) {
            return;
        }
        change(network.id(), subnet.get(), map -> {
            var block = map.at(address);
            if (block.isEmpty()) {
                return map.take(Subnet.containing(address, bits(map.subnet())), self, true);
            }
            if (block.get().host().equals(self)) {
                return map.activate(block.get().range(), self);
            }
            throw new StoreException("address " + AddressText.of(address) + " is one of those that host "
                    + name(block.get().host()) + " gives (" + block.get().range() + "); give another one");
        });
    }

    /// Whether this host may give the address, without asking anyone.
    boolean isOwn(String network, Subnet subnet, InetAddress address) {
        return own(network, subnet).stream().anyMatch(range -> range.contains(address));
    }

    private void refuseHeld(SharedNetwork network, InetAddress address) {
        for (var shard : registry.shardsOf(network.id())) {
            if (!shard.host().equals(self)) {
                shard.endpoints().stream()
                        .filter(endpoint -> endpoint.addresses().contains(address))
                        .findFirst()
                        .ifPresent(holder -> {
                            throw held(address, holder, shard.host());
                        });
            }
        }
    }

    private StoreException held(InetAddress address, RemoteEndpoint holder, String host) {
        return new StoreException("address " + AddressText.of(address) + " is held by " + holder.title() + " on host "
                + name(host) + "; give another one, or remove that container first");
    }

    /// Changes the map in the store, and returns when the registry has that.
    private void change(String network, Subnet subnet, Function<BlockMap, BlockMap> change) {
        var work = CompletableFuture.runAsync(
                () -> changeInStore(network, subnet, change),
                task -> Thread.ofVirtual().start(task));
        try {
            work.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            throw new StoreException("the store has not answered within " + DEADLINE.toSeconds() + " s", slow);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof StoreException reason
                    ? reason
                    : new StoreException(String.valueOf(failure.getCause()), failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StoreException("the agent stops", stop);
        }
    }

    private void changeInStore(String network, Subnet subnet, Function<BlockMap, BlockMap> change) {
        var present = store.get();
        for (int i = 0; i < TRIES; i++) {
            var free = BlockMap.free(network, subnet);
            var known = registry.blockMap(network, subnet).orElse(free);
            var entry = present.get(Keys.of(free));
            var map = entry.map(there -> BlockMap.parse(there.value()))
                    .orElse(free)
                    .recovering(known);
            var changed = change.apply(map);
            long revision = entry.map(Store.Entry::revision).orElse(0L);
            var write = new Store.Put(Keys.of(changed), changed.text());
            if (present.commit(List.of(new Store.Expect(write.key(), revision)), List.of(write))
                    .isPresent()) {
                awaitRecord(changed);
                return;
            }
        }
        throw new StoreException("others change the blocks of " + subnet + " all the while; try again");
    }

    private void awaitRecord(BlockMap changed) {
        Recorded.await(
                registry,
                () -> registry.blockMap(changed.network(), changed.subnet())
                                .map(BlockMap::version)
                                .orElse(-1L)
                        >= changed.version(),
                DEADLINE);
    }
}
