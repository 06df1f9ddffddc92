package dev.weft.ipam;

import dev.weft.inet.Subnet;
import dev.weft.state.AddressRecord;
import dev.weft.state.PoolRecord;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// A pool as it is served by many threads: what of it is given, here and in writing.
///
/// An address that is being written is *seized*: whoever wants the same one waits, whoever wants another does not.
/// Requests about addresses are *inside* the pool, any number at once; whatever is about the whole pool has it alone.
final class Pool {
    private static final Comparator<InetAddress> BY_NUMBER =
            Comparator.comparing(InetAddress::getAddress, Arrays::compareUnsigned);

    /// What a look at an address that is given can find.
    enum Suspicion {
        UNUSED,
        HELD_TOO_OFTEN
    }

    private final ReentrantReadWriteLock presence = new ReentrantReadWriteLock();
    /// Of all below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition letGo = lock.newCondition();
    private final AddressPool addresses;
    private final Set<InetAddress> seized = new HashSet<>();
    /// Given before this process started: nobody may know of it.
    private final Set<InetAddress> before = new HashSet<>();
    /// Of the last look, see [#suspectedTwice].
    private final Map<InetAddress, Suspicion> suspects = new HashMap<>();

    private @Nullable InetAddress gateway;
    /// How many networks may think it theirs.
    private int askers;

    private boolean gone;

    private Pool(PoolRecord pool) {
        addresses = new AddressPool(pool.subnet(), pool.range());
    }

    /// One that is asked for now.
    static Pool fresh(PoolRecord record) {
        var pool = new Pool(record);
        pool.askers = 1;
        return pool;
    }

    /// One on record. Choosing goes on behind the highest address that is given.
    static Pool recorded(PoolRecord record, Collection<AddressRecord> given) {
        var pool = new Pool(record);
        pool.askers = record.networkId() == null ? 0 : 1;
        for (var address : given) {
            pool.addresses.take(address.address());
            pool.before.add(address.address());
            if (address.isGateway()) {
                pool.gateway = address.address();
            }
        }
        given.stream()
                .map(AddressRecord::address)
                .filter(record.range()::contains)
                .filter(address -> !address.equals(pool.gateway))
                .max(BY_NUMBER)
                .ifPresent(pool.addresses::continueAfter);
        return pool;
    }

    /// False if the pool is gone, or another is in its place.
    boolean enter() {
        presence.readLock().lock();
        if (gone) {
            presence.readLock().unlock();
            return false;
        }
        return true;
    }

    void leave() {
        presence.readLock().unlock();
    }

    /// Waits until nobody is inside, and keeps all out meanwhile.
    void alone(Runnable work) {
        presence.writeLock().lock();
        try {
            work.run();
        } finally {
            presence.writeLock().unlock();
        }
    }

    /// Nobody gets in any more. Only alone.
    void end() {
        gone = true;
    }

    /// Somebody else asks for the pool.
    void asked() {
        lock.lock();
        try {
            askers++;
        } finally {
            lock.unlock();
        }
    }

    /// False if another network may still think it its own.
    boolean isLastRelease() {
        lock.lock();
        try {
            if (askers > 1) {
                askers--;
                return false;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Gives and seizes the next free address of those ranges; empty if there is none.
    Optional<InetAddress> choose(List<Subnet> within) {
        lock.lock();
        try {
            var chosen = addresses.choose(within);
            chosen.ifPresent(seized::add);
            return chosen;
        } finally {
            lock.unlock();
        }
    }

    /// Gives and seizes the lowest free address of the range as the gateway's, or seizes the gateway there is.
    Optional<InetAddress> chooseGateway() {
        lock.lock();
        try {
            var known = gateway;
            if (known != null) {
                awaitAndSeize(known);
                return Optional.of(known);
            }
            var chosen = addresses.chooseLowest();
            chosen.ifPresent(seized::add);
            chosen.ifPresent(address -> gateway = address);
            return chosen;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until nobody else writes the address, and gives it if it is free: whoever chooses shall not find it.
    void seize(InetAddress address) {
        lock.lock();
        try {
            awaitAndSeize(address);
        } finally {
            lock.unlock();
        }
    }

    private void awaitAndSeize(InetAddress address) {
        await(address);
        seized.add(address);
        addresses.take(address);
    }

    private void await(InetAddress address) {
        while (seized.contains(address)) {
            letGo.awaitUninterruptibly();
        }
    }

    /// Likewise, if the address is given; false if it is free.
    boolean seizeGiven(InetAddress address) {
        lock.lock();
        try {
            await(address);
            return addresses.isGiven(address) && seized.add(address);
        } finally {
            lock.unlock();
        }
    }

    /// Gives and seizes the address if it is free; false if it is not, or is no container's.
    boolean seizeFree(InetAddress address) {
        lock.lock();
        try {
            await(address);
            return addresses.isUsable(address) && addresses.take(address) && seized.add(address);
        } finally {
            lock.unlock();
        }
    }

    void letGo(InetAddress address) {
        lock.lock();
        try {
            seized.remove(address);
            letGo.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// What is seized is on record now, again or for the first time.
    void given(InetAddress address, boolean asGateway) {
        lock.lock();
        try {
            before.remove(address);
            suspects.remove(address);
            if (asGateway) {
                gateway = address;
            }
        } finally {
            lock.unlock();
        }
    }

    /// What is seized is on record no more.
    void free(InetAddress address) {
        lock.lock();
        try {
            addresses.release(address);
            before.remove(address);
            suspects.remove(address);
            if (address.equals(gateway)) {
                gateway = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether it was given since this process started.
    boolean isFresh(InetAddress address) {
        lock.lock();
        try {
            return addresses.isGiven(address) && !before.contains(address);
        } finally {
            lock.unlock();
        }
    }

    /// What two looks in a row found, and nobody asked for in between. Only alone.
    Map<InetAddress, Suspicion> suspectedTwice(Map<InetAddress, Suspicion> now) {
        lock.lock();
        try {
            var twice = new HashMap<>(now);
            twice.entrySet().retainAll(suspects.entrySet());
            suspects.clear();
            suspects.putAll(now);
            return twice;
        } finally {
            lock.unlock();
        }
    }

    AddressPool addresses() {
        return addresses;
    }

    PoolChoice.Standing standing(Optional<String> network) {
        lock.lock();
        try {
            long given = addresses.given() - (gateway == null ? 0 : 1);
            int old = before.size() - (gateway != null && before.contains(gateway) ? 1 : 0);
            return new PoolChoice.Standing(network, given, given - old);
        } finally {
            lock.unlock();
        }
    }

    PoolUse use(PoolRecord pool) {
        lock.lock();
        try {
            return new PoolUse(
                    pool, addresses.choices(), addresses.given(), addresses.choices() - addresses.chosen(), gateway);
        } finally {
            lock.unlock();
        }
    }
}
