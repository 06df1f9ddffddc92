package dev.weft.cluster;

import dev.weft.json.MalformedJson;
import dev.weft.state.BlockMap;
import dev.weft.state.Change;
import dev.weft.state.EndpointRecord;
import dev.weft.state.EndpointShard;
import dev.weft.state.HostRecord;
import dev.weft.state.MemberRecord;
import dev.weft.state.Registry;
import dev.weft.state.RemoteEndpoint;
import dev.weft.state.ReplicaRecord;
import dev.weft.state.SharedNetwork;
import dev.weft.state.StateRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// What the store should have from this host, compared with what it has, and written where they differ. It keeps no
/// list of what is still to be sent, so there is none to lose. For one thread.
///
/// What is this host's own (the host, its endpoints) it writes again whatever the store says. Of what all write
/// (networks, blocks) it puts back what the store has lost.
final class Outbox {
    /// More than one write goes into a commit, but not more than an etcd takes (128).
    private static final int WRITES = 64;

    private final Registry registry;
    private final String self;

    /// Of this process, which no other has.
    private final String life = UUID.randomUUID().toString();

    /// Revisions and values of all that the store is known to have.
    private final Map<String, Store.Entry> stored = new HashMap<>();

    Outbox(Registry registry, String self) {
        this.registry = registry;
        this.self = self;
    }

    /// The store has this, and nothing else.
    void reset(List<Store.Entry> all) {
        stored.clear();
        wrote(all);
    }

    /// Whether another says that it is this host.
    boolean isOfAnother(Store.Entry entry) {
        return entry.key().equals(Keys.ALIVE + self) && !entry.value().endsWith(" " + life);
    }

    /// The store has this too.
    void wrote(List<Store.Entry> entries) {
        entries.forEach(entry -> stored.merge(
                entry.key(), entry, (before, after) -> after.revision() >= before.revision() ? after : before));
    }

    /// The store has it no more.
    void lost(List<String> keys) {
        keys.forEach(stored::remove);
    }

    /// Brings what this host says of its endpoints up to what they are, in the registry.
    ///
    /// @throws dev.weft.state.StateException if it cannot be written
    void refresh() {
        var member = registry.member().orElseThrow();
        var changes = new ArrayList<Change>();
        long version = member.version();
        for (var shard : wantedShards()) {
            var said = registry.shard(shard.key());
            if (said.isEmpty()
                    ? !shard.endpoints().isEmpty()
                    : !said.get().endpoints().equals(shard.endpoints())) {
                version++;
                changes.add(Change.put(at(shard, version)));
            }
        }
        if (!changes.isEmpty()) {
            changes.add(Change.put(member.at(version)));
            registry.commit(changes);
        }
    }

    private static EndpointShard at(EndpointShard shard, long version) {
        return new EndpointShard(shard.host(), shard.network(), shard.shard(), version, shard.endpoints());
    }

    /// Those of networks that are here, and empty ones of networks that were.
    private List<EndpointShard> wantedShards() {
        var networks = new HashMap<String, Map<Integer, List<RemoteEndpoint>>>();
        registry.shards().stream()
                .filter(shard -> shard.host().equals(self))
                .forEach(shard -> networks.put(shard.network(), Map.of()));
        for (var replica : registry.replicas()) {
            networks.put(replica.sharedId(), endpoints(replica));
        }
        var wanted = new ArrayList<EndpointShard>();
        networks.forEach((network, endpoints) -> {
            for (int shard = 0; shard < EndpointShard.SHARDS; shard++) {
                wanted.add(new EndpointShard(self, network, shard, 0, endpoints.getOrDefault(shard, List.of())));
            }
        });
        return wanted;
    }

    private Map<Integer, List<RemoteEndpoint>> endpoints(ReplicaRecord replica) {
        return registry.endpointsOf(replica.networkId()).stream()
                .collect(Collectors.groupingBy(
                        (EndpointRecord endpoint) -> EndpointShard.of(endpoint.id()),
                        Collectors.mapping(RemoteEndpoint::of, Collectors.toList())));
    }

    /// Says of itself what it is now, if that is anything new.
    ///
    /// @param host of any version
    void say(HostRecord host) {
        var said = registry.host(self);
        var member = registry.member().orElseThrow();
        long version = member.version() + 1;
        boolean isNew =
                said.map(known -> !known.equals(host.at(known.version()))).orElse(true);
        if (isNew) {
            registry.commit(List.of(Change.put(member.at(version)), Change.put(host.at(version))));
        }
    }

    /// Versions of this host's own go on behind those that the store has of it, as after the state was put back from an
    /// old copy. What that does not have, this host has no more.
    ///
    /// @throws dev.weft.state.StateException if it cannot be written
    void goOnBehindTheStore() {
        var member = registry.member().orElseThrow();
        var said = said();
        long version = said.stream().mapToLong(Outbox::version).max().orElse(0);
        if (version <= member.version()) {
            return;
        }
        var changes = new ArrayList<Change>();
        for (var own : own(said)) {
            version++;
            changes.add(Change.put(
                    switch (own) {
                        case HostRecord host -> host.at(version);
                        case EndpointShard shard -> at(shard, version);
                        default -> own;
                    }));
        }
        changes.add(Change.put(new MemberRecord(member.id(), member.machine(), version)));
        registry.commit(changes);
    }

    /// What is on record, and what is not and was said nevertheless, without what was in it.
    private Collection<StateRecord> own(List<StateRecord> said) {
        var own = new HashMap<String, StateRecord>();
        said.forEach(record -> {
            if (record instanceof EndpointShard shard) {
                own.put(shard.key(), new EndpointShard(self, shard.network(), shard.shard(), 0, List.of()));
            }
        });
        own().forEach(record -> own.put(record.key(), record));
        return own.values();
    }

    /// This host's own, as the store has it.
    private List<StateRecord> said() {
        var said = new ArrayList<StateRecord>();
        for (var entry : stored.values()) {
            unlessUnreadable(() -> {
                if (entry.key().equals(Keys.HOSTS + self)) {
                    said.add(HostRecord.parse(entry.value()));
                } else if (entry.key().startsWith(Keys.ENDPOINTS + self + "/")) {
                    said.add(EndpointShard.parse(entry.value()));
                }
            });
        }
        return said;
    }

    private static long version(StateRecord own) {
        return switch (own) {
            case HostRecord host -> host.version();
            case EndpointShard shard -> shard.version();
            default -> 0;
        };
    }

    private List<StateRecord> own() {
        var own = new ArrayList<StateRecord>();
        registry.host(self).ifPresent(own::add);
        registry.shards().stream().filter(shard -> shard.host().equals(self)).forEach(own::add);
        return own;
    }

    /// Says that this host is there. It also tells whether the store is the one that was followed: one that was put
    /// back to
    /// an earlier state has not what was said last.
    ///
    /// @param when for people
    /// @return false if the store has something else than it is known to have
    /// @throws StoreException if it does not answer
    boolean beat(Store store, Instant when) {
        return commit(store, List.of(new Store.Put(Keys.ALIVE + self, when + " " + life)));
    }

    /// Writes what differs.
    ///
    /// @return whether the store has all now; if not, what others have written meanwhile is to be taken first
    /// @throws StoreException if it does not answer
    boolean send(Store store) {
        var writes = new ArrayList<Store.Put>();
        own().forEach(record -> {
            var known = stored.get(Keys.of(record));
            if (known == null || !known.value().equals(Keys.text(record))) {
                writes.add(new Store.Put(Keys.of(record), Keys.text(record)));
            }
        });
        putBack(writes);
        boolean all = true;
        for (int from = 0; from < writes.size(); from += WRITES) {
            all &= commit(store, writes.subList(from, Math.min(writes.size(), from + WRITES)));
        }
        return all;
    }

    /// What is known of networks and their blocks, and the store has not, or has as it was before.
    private void putBack(List<Store.Put> writes) {
        for (var network : registry.sharedNetworks()) {
            unlessUnreadable(() -> putBack(network, writes));
        }
        for (var map : registry.blockMaps()) {
            unlessUnreadable(() -> putBack(map, writes));
        }
    }

    /// What this agent cannot read it does not write over: a newer one may have written it.
    private static void unlessUnreadable(Runnable work) {
        try {
            work.run();
        } catch (IllegalArgumentException | MalformedJson unreadable) {
            // The mirror says so.
        }
    }

    private void putBack(BlockMap map, List<Store.Put> writes) {
        var known = stored.get(Keys.of(map));
        var there = known == null ? BlockMap.free(map.network(), map.subnet()) : BlockMap.parse(known.value());
        var whole = there.recovering(map);
        for (var own : map.of(self)) {
            whole = whole.isFree(own.range()) ? whole.take(own.range(), self, own.active()) : whole;
        }
        if (!whole.equals(there) && !isGone(map.network())) {
            writes.add(new Store.Put(Keys.of(map), whole.text()));
        }
    }

    /// Before what the store has is taken for what is: blocks of this host that it has lost are written to it again, as
    /// long as nobody else has them.
    ///
    /// @return whether the store has them now; if not, it is to be read again
    /// @throws StoreException if it does not answer
    boolean putBackBlocks(Store store) {
        var writes = new ArrayList<Store.Put>();
        for (var map : registry.blockMaps()) {
            if (stored.containsKey(Keys.of(map))) {
                unlessUnreadable(() -> putBack(map, writes));
            }
        }
        boolean all = true;
        for (var write : writes) {
            all &= commit(store, List.of(write));
        }
        return all;
    }

    private void putBack(SharedNetwork network, List<Store.Put> writes) {
        var known = stored.get(Keys.of(network));
        if (known == null
                || (network.removed() && !SharedNetwork.parse(known.value()).removed())) {
            writes.add(new Store.Put(Keys.of(network), network.text()));
        }
        if (!network.removed()) {
            for (var claim : claims(network)) {
                if (!stored.containsKey(claim)) {
                    writes.add(new Store.Put(claim, network.id()));
                }
            }
        }
    }

    private static Set<String> claims(SharedNetwork network) {
        var claims = new HashSet<>(Set.of(Keys.name(network.name())));
        if (network.vni() != 0) {
            claims.add(Keys.vni(network.vni()));
        }
        return claims;
    }

    private boolean isGone(String networkId) {
        return registry.sharedNetwork(networkId).map(SharedNetwork::removed).orElse(true);
    }

    /// Each key must be as it is known to be.
    private boolean commit(Store store, List<Store.Put> writes) {
        var expected = writes.stream()
                .map(write -> new Store.Expect(
                        write.key(),
                        stored.containsKey(write.key())
                                ? stored.get(write.key()).revision()
                                : 0))
                .toList();
        var revision = store.commit(expected, writes);
        revision.ifPresent(done -> wrote(writes.stream()
                .map(write -> new Store.Entry(write.key(), write.value(), done))
                .toList()));
        return revision.isPresent();
    }
}
