package dev.weft.agent.history;

import dev.weft.cluster.Store;
import dev.weft.state.BlockMap;
import java.util.List;
import java.util.Optional;

/// A store that does something else than it is asked to, where that is overridden.
class ChangedStore implements Store {
    private final Store store;

    ChangedStore(Store store) {
        this.store = store;
    }

    /// A map of blocks without those of one of its hosts.
    static Put lessAnOwner(Put write) {
        if (!write.key().startsWith("blocks/")) {
            return write;
        }
        var map = BlockMap.parse(write.value());
        var owners = map.blocks().stream().map(block -> block.host()).distinct().toList();
        return owners.size() < 2
                ? write
                : new Put(write.key(), map.without(owners.getFirst()).text());
    }

    @Override
    public Snapshot read() {
        return store.read();
    }

    @Override
    public Optional<Entry> get(String key) {
        return store.get(key);
    }

    @Override
    public Optional<Long> commit(List<Expect> expected, List<Put> writes) {
        return store.commit(expected, writes);
    }

    @Override
    public AutoCloseable watch(long revision, Watcher watcher) {
        return store.watch(revision, watcher);
    }

    @Override
    public void close() {
        store.close();
    }
}
