package dev.weft.drivers;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// One lock for each network, so that what concerns a network happens one after another. Networks may share one.
final class NetworkLocks {
    private static final int COUNT = 64;

    private final List<ReentrantLock> locks =
            Stream.generate(ReentrantLock::new).limit(COUNT).toList();

    <T> T in(String networkId, Supplier<T> work) {
        var lock = locks.get(Math.floorMod(networkId.hashCode(), COUNT));
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
