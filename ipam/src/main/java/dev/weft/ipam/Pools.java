package dev.weft.ipam;

import static dev.weft.plugin.Refusal.quoted;

import dev.weft.plugin.Refusal;
import dev.weft.state.Change;
import dev.weft.state.PoolRecord;
import dev.weft.state.Registry;
import dev.weft.state.StateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/// The pools there are, which come and go on record and in memory together, under a lock of their own.
final class Pools {
    private final Registry registry;
    private final Map<String, Pool> pools = new ConcurrentHashMap<>();
    /// Taken before the locks of a pool.
    private final ReentrantLock lock = new ReentrantLock();

    /// All that are on record.
    Pools(Registry registry) {
        this.registry = registry;
        registry.pools().forEach(pool -> pools.put(pool.id(), Pool.recorded(pool, registry.addressesOf(pool.id()))));
    }

    Optional<Pool> find(String id) {
        return Optional.ofNullable(pools.get(id));
    }

    Pool pool(String id) {
        return Optional.ofNullable(pools.get(id)).orElseThrow(() -> unknown(id));
    }

    PoolRecord record(String id) {
        return registry.pool(id).orElseThrow(() -> unknown(id));
    }

    /// While no other pool comes or goes.
    <T> T choosing(String doing, Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } catch (StateException failure) {
            throw failed(doing, failure);
        } finally {
            lock.unlock();
        }
    }

    /// While the pool stays; empty if there is none. Many callers may be inside of one.
    <T> Optional<T> inside(String poolId, String doing, Function<Pool, T> work) {
        for (var pool = pools.get(poolId); pool != null; pool = pools.get(poolId)) {
            if (pool.enter()) {
                try {
                    return Optional.of(work.apply(pool));
                } catch (StateException failure) {
                    throw failed(doing, failure);
                } finally {
                    pool.leave();
                }
            }
        }
        return Optional.empty();
    }

    private static Refusal failed(String doing, StateException failure) {
        return new Refusal("cannot " + doing + ": " + failure.getMessage(), failure);
    }

    static Refusal unknown(String poolId) {
        return new Refusal("pool " + quoted(poolId) + " is not known to this agent, whose state may have been lost;"
                + " run 'weft state rebuild', or remove the network and create it again.");
    }

    /// Records it, with nothing given.
    void make(PoolRecord pool) {
        registry.put(pool);
        pools.put(pool.id(), Pool.fresh(pool));
    }

    /// Likewise, in place of the pool that the subnet has.
    void replace(PoolRecord pool) {
        var before = pool(pool.id());
        before.alone(() -> {
            var changes = removals(pool.id());
            changes.add(Change.put(pool));
            registry.commit(changes);
            pools.put(pool.id(), Pool.fresh(pool));
            before.end();
        });
    }

    private List<Change> removals(String poolId) {
        var changes = new ArrayList<Change>();
        registry.addressesOf(poolId).forEach(address -> changes.add(Change.remove(address)));
        return changes;
    }

    /// With all its addresses; one that is not known is no error.
    void remove(String poolId) {
        Optional.ofNullable(pools.get(poolId))
                .ifPresent(pool -> pool.alone(() -> {
                    var changes = removals(poolId);
                    registry.pool(poolId).map(Change::remove).ifPresent(changes::add);
                    registry.commit(changes);
                    pools.remove(poolId);
                    pool.end();
                }));
    }
}
