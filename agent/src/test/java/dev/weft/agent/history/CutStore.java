package dev.weft.agent.history;

import dev.weft.cluster.Store;
import dev.weft.cluster.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A store that is out of reach at times: whatever is tried then fails, and nothing more is heard of a watch that
/// was begun before.
record CutStore(Store store, BooleanSupplier isCut) implements Store {
    private void check() {
        if (isCut.getAsBoolean()) {
            throw new StoreException("it is cut off");
        }
    }

    @Override
    public Snapshot read() {
        check();
        return store.read();
    }

    @Override
    public Optional<Entry> get(String key) {
        check();
        return store.get(key);
    }

    /// A cut that comes while it is written hides whether it was.
    @Override
    public Optional<Long> commit(List<Expect> expected, List<Put> writes) {
        check();
        var done = store.commit(expected, writes);
        check();
        return done;
    }

    @Override
    public AutoCloseable watch(long revision, Watcher watcher) {
        check();
        return store.watch(revision, new Watcher() {
            private boolean gone;

            @Override
            public void changed(List<Entry> written, List<String> removed) {
                if (isCut.getAsBoolean()) {
                    lost(new StoreException("it is cut off"));
                } else if (!gone) {
                    watcher.changed(written, removed);
                }
            }

            @Override
            public void lost(StoreException reason) {
                if (!gone) {
                    gone = true;
                    watcher.lost(reason);
                }
            }
        });
    }

    @Override
    public void close() {
        store.close();
    }
}
