package dev.weft.state;

import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The records in memory, found by whatever they are asked for by. The thread that writes changes it; any may read.
final class Memory {
    /// An address counts within its network. Two endpoints can have it: of one, the removal may have been lost.
    private record Place(String networkId, InetAddress address) {}

    private final Map<String, NetworkRecord> networks = new ConcurrentHashMap<>();
    private final Map<String, EndpointRecord> endpoints = new ConcurrentHashMap<>();
    private final Map<String, Map<String, EndpointRecord>> endpointsByNetwork = new ConcurrentHashMap<>();
    private final Map<Place, List<EndpointRecord>> endpointsByAddress = new ConcurrentHashMap<>();
    private final Map<String, PoolRecord> pools = new ConcurrentHashMap<>();
    private final Map<String, Map<InetAddress, AddressRecord>> addresses = new ConcurrentHashMap<>();
    private final Map<String, Tombstone> tombstones = new ConcurrentHashMap<>();
    private final Map<String, HostRecord> hosts = new ConcurrentHashMap<>();
    private final Map<String, SharedNetwork> sharedNetworks = new ConcurrentHashMap<>();
    private final Map<String, ReplicaRecord> replicas = new ConcurrentHashMap<>();
    private final Map<String, EndpointShard> shards = new ConcurrentHashMap<>();
    private final Map<String, Map<String, EndpointShard>> shardsByNetwork = new ConcurrentHashMap<>();
    private final Map<String, BlockMap> blocks = new ConcurrentHashMap<>();
    private volatile @Nullable EngineRecord engine;
    private volatile @Nullable MemberRecord member;

    Collection<NetworkRecord> networks() {
        return List.copyOf(networks.values());
    }

    Optional<NetworkRecord> network(String id) {
        return Optional.ofNullable(networks.get(id));
    }

    Collection<EndpointRecord> endpoints() {
        return List.copyOf(endpoints.values());
    }

    Optional<EndpointRecord> endpoint(String id) {
        return Optional.ofNullable(endpoints.get(id));
    }

    Collection<EndpointRecord> endpointsOf(String networkId) {
        return List.copyOf(endpointsByNetwork.getOrDefault(networkId, Map.of()).values());
    }

    Optional<EndpointRecord> endpointAt(String networkId, InetAddress address) {
        var there = endpointsByAddress.getOrDefault(new Place(networkId, address), List.of());
        return there.isEmpty() ? Optional.empty() : Optional.of(there.getLast());
    }

    Collection<PoolRecord> pools() {
        return List.copyOf(pools.values());
    }

    Optional<PoolRecord> pool(String id) {
        return Optional.ofNullable(pools.get(id));
    }

    Collection<AddressRecord> addressesOf(String poolId) {
        return List.copyOf(addresses.getOrDefault(poolId, Map.of()).values());
    }

    Optional<AddressRecord> address(String poolId, InetAddress address) {
        return Optional.ofNullable(addresses.getOrDefault(poolId, Map.of()).get(address));
    }

    Optional<EngineRecord> engine() {
        return Optional.ofNullable(engine);
    }

    Collection<Tombstone> tombstones() {
        return List.copyOf(tombstones.values());
    }

    Optional<Tombstone> tombstone(Tombstone.Kind kind, String id) {
        return Optional.ofNullable(tombstones.get(Tombstone.key(kind, id)));
    }

    Optional<MemberRecord> member() {
        return Optional.ofNullable(member);
    }

    Collection<HostRecord> hosts() {
        return List.copyOf(hosts.values());
    }

    Optional<HostRecord> host(String id) {
        return Optional.ofNullable(hosts.get(id));
    }

    Collection<SharedNetwork> sharedNetworks() {
        return List.copyOf(sharedNetworks.values());
    }

    Optional<SharedNetwork> sharedNetwork(String id) {
        return Optional.ofNullable(sharedNetworks.get(id));
    }

    Collection<ReplicaRecord> replicas() {
        return List.copyOf(replicas.values());
    }

    Optional<ReplicaRecord> replica(String networkId) {
        return Optional.ofNullable(replicas.get(networkId));
    }

    Collection<EndpointShard> shards() {
        return List.copyOf(shards.values());
    }

    Optional<EndpointShard> shard(String key) {
        return Optional.ofNullable(shards.get(key));
    }

    Collection<EndpointShard> shardsOf(String sharedId) {
        return List.copyOf(shardsByNetwork.getOrDefault(sharedId, Map.of()).values());
    }

    Collection<BlockMap> blockMaps() {
        return List.copyOf(blocks.values());
    }

    Optional<BlockMap> blockMap(String sharedId, Subnet subnet) {
        return Optional.ofNullable(blocks.get(BlockMap.key(sharedId, subnet)));
    }

    Set<StateRecord> all() {
        var all = new HashSet<StateRecord>();
        Stream.of(networks, endpoints, pools, tombstones, hosts, sharedNetworks, replicas, shards, blocks)
                .forEach(records -> all.addAll(records.values()));
        member().ifPresent(all::add);
        addresses.values().forEach(given -> all.addAll(given.values()));
        engine().ifPresent(all::add);
        return all;
    }

    void apply(Change change) {
        switch (change) {
            case Change.Put put -> put(put.record());
            case Change.Remove remove -> remove(remove.record());
        }
    }

    void put(StateRecord record) {
        switch (record) {
            case NetworkRecord network -> networks.put(network.id(), network);
            case EndpointRecord endpoint -> put(endpoint);
            case PoolRecord pool -> pools.put(pool.id(), pool);
            case AddressRecord given ->
                addresses
                        .computeIfAbsent(given.poolId(), pool -> new ConcurrentHashMap<>())
                        .put(given.address(), given);
            case EngineRecord known -> engine = known;
            case Tombstone gone -> tombstones.put(gone.key(), gone);
            case MemberRecord self -> member = self;
            case HostRecord host -> hosts.put(host.id(), host);
            case SharedNetwork shared -> sharedNetworks.put(shared.id(), shared);
            case ReplicaRecord replica -> replicas.put(replica.networkId(), replica);
            case EndpointShard shard -> {
                shards.put(shard.key(), shard);
                shardsByNetwork
                        .computeIfAbsent(shard.network(), network -> new ConcurrentHashMap<>())
                        .put(shard.key(), shard);
            }
            case BlockMap map -> blocks.put(map.key(), map);
        }
    }

    /// What stays as it was is found all the while, by whatever it is asked for by.
    private void put(EndpointRecord endpoint) {
        var before = endpoints.put(endpoint.id(), endpoint);
        endpointsByNetwork
                .computeIfAbsent(endpoint.networkId(), network -> new ConcurrentHashMap<>())
                .put(endpoint.id(), endpoint);
        var places = places(endpoint);
        places.forEach(place -> endpointsByAddress.compute(place, (_, there) -> with(endpoint, there)));
        if (before != null) {
            places(before).stream().filter(place -> !places.contains(place)).forEach(place -> leave(place, before));
            if (!before.networkId().equals(endpoint.networkId())) {
                unlist(before);
            }
        }
    }

    private static List<EndpointRecord> with(EndpointRecord endpoint, @Nullable List<EndpointRecord> there) {
        if (there == null) {
            return List.of(endpoint);
        }
        var all = new ArrayList<>(there);
        all.removeIf(other -> other.id().equals(endpoint.id()));
        all.add(endpoint);
        return List.copyOf(all);
    }

    private void leave(Place place, EndpointRecord endpoint) {
        endpointsByAddress.computeIfPresent(place, (_, there) -> {
            var others = there.stream()
                    .filter(other -> !other.id().equals(endpoint.id()))
                    .toList();
            return others.isEmpty() ? null : others;
        });
    }

    private static List<Place> places(EndpointRecord endpoint) {
        return endpoint.addresses().stream()
                .map(address -> new Place(endpoint.networkId(), address))
                .toList();
    }

    private void unlist(EndpointRecord endpoint) {
        var others = endpointsByNetwork.get(endpoint.networkId());
        if (others != null) {
            others.remove(endpoint.id());
        }
    }

    private void remove(StateRecord record) {
        switch (record) {
            case NetworkRecord network -> {
                networks.remove(network.id());
                endpointsByNetwork.remove(network.id());
            }
            case EndpointRecord endpoint -> {
                var before = endpoints.remove(endpoint.id());
                if (before != null) {
                    unlist(before);
                    places(before).forEach(place -> leave(place, before));
                }
            }
            case PoolRecord pool -> {
                pools.remove(pool.id());
                addresses.remove(pool.id());
            }
            case AddressRecord given -> {
                var others = addresses.get(given.poolId());
                if (others != null) {
                    others.remove(given.address());
                }
            }
            case EngineRecord known -> engine = null;
            case Tombstone gone -> tombstones.remove(gone.key());
            case MemberRecord self -> member = null;
            case HostRecord host -> hosts.remove(host.id());
            case SharedNetwork shared -> sharedNetworks.remove(shared.id());
            case ReplicaRecord replica -> replicas.remove(replica.networkId());
            case EndpointShard shard -> {
                shards.remove(shard.key());
                var others = shardsByNetwork.get(shard.network());
                if (others != null) {
                    others.remove(shard.key());
                }
            }
            case BlockMap map -> blocks.remove(map.key());
        }
    }
}
