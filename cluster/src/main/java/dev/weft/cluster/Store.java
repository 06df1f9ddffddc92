package dev.weft.cluster;

import java.util.List;
import java.util.Optional;

/// What all hosts of a cluster can read and write: values under keys, each change of which has a revision of its own
/// that grows. Keys are relative to the cluster's prefix. Any thread may call; calls have a deadline.
public interface Store extends AutoCloseable {
    /// @param revision of the change that made it so
    record Entry(String key, String value, long revision) {}

    /// @param revision of the store: what comes after it is in the changes that are watched from there
    record Snapshot(List<Entry> entries, long revision) {
        public Snapshot {
            entries = List.copyOf(entries);
        }
    }

    /// A condition of a commit.
    ///
    /// @param revision that the key's value must have; 0: there must be none
    record Expect(String key, long revision) {}

    /// One write of a commit.
    record Put(String key, String value) {}

    /// Hears of changes, on a thread of the store's.
    interface Watcher {
        /// @param written in its order
        /// @param removed keys that were taken away, which nothing of Weft's does
        void changed(List<Entry> written, List<String> removed);

        /// Nothing more is heard: the connection is gone, or what came next is forgotten. Read everything again.
        void lost(StoreException reason);
    }

    /// Everything there is, as of one moment.
    ///
    /// @throws StoreException if it does not answer
    Snapshot read();

    /// @throws StoreException if it does not answer
    Optional<Entry> get(String key);

    /// Makes all of the writes, if all that is expected is so, or none.
    ///
    /// @return the revision of the writes; empty if something was not as expected
    /// @throws StoreException if it does not answer: they may have been made or not
    Optional<Long> commit(List<Expect> expected, List<Put> writes);

    /// From now on the watcher gets every change that comes after the revision.
    ///
    /// @return ends it
    AutoCloseable watch(long revision, Watcher watcher);

    @Override
    void close();
}
