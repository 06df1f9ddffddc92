package dev.weft.cluster;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.weft.state.Change;
import dev.weft.state.EndpointRecord;
import dev.weft.state.HostRecord;
import dev.weft.state.Registry;
import dev.weft.state.ReplicaRecord;
import dev.weft.state.SharedNetwork;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// This host in its cluster: takes what the others say into the registry, says what it has itself, and begins anew
/// after
/// whatever has happened to the store. No call of an engine waits for it.
///
/// All of it happens on one thread; any may ask how it stands.
public final class Membership implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Membership.class.getName());

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /// How often others find that this host has written before they hear it: then everything is read again.
    private static final int TRIES = 5;

    private static final Duration HEARING = Duration.ofMillis(100);

    /// Something to do for the thread.
    private sealed interface News {
        record Changed(List<Store.Entry> written, List<String> removed) implements News {}

        record Lost(StoreException reason) implements News {}

        record Here() implements News {}
    }

    private final Registry registry;
    private final Supplier<? extends Store> connecting;
    private final Supplier<HostRecord> describing;
    private final Mirror mirror;
    private final Outbox outbox;
    private final Duration beat;
    private final InstantSource clock;
    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
    private final AtomicBoolean changedHere = new AtomicBoolean();
    private final Map<String, Instant> heard = new ConcurrentHashMap<>();
    private final Runnable watching;
    private final Thread thread =
            Thread.ofPlatform().name("weft-cluster").daemon().unstarted(this::run);
    private volatile String away = "it was not reached yet";
    private volatile @Nullable Store store;
    private volatile boolean closed;

    private Membership(
            Registry registry,
            Supplier<? extends Store> connecting,
            Supplier<HostRecord> describing,
            Duration beat,
            InstantSource clock) {
        var self = registry.member().orElseThrow().id();
        this.registry = registry;
        this.connecting = connecting;
        this.describing = describing;
        this.beat = beat;
        this.clock = clock;
        mirror = new Mirror(registry, self);
        outbox = new Outbox(registry, self);
        watching = registry.watch(this::heard);
    }

    /// @param registry   has this host's [dev.weft.state.MemberRecord]
    /// @param connecting to the store, as often as that is needed
    /// @param describing this host, as it is when it is asked for, at each beat; the version does not count
    /// @param beat       how often it says that it is there, and makes sure of the store
    public static Membership start(
            Registry registry,
            Supplier<? extends Store> connecting,
            Supplier<HostRecord> describing,
            Duration beat,
            InstantSource clock) {
        var membership = new Membership(registry, connecting, describing, beat, clock);
        membership.describe();
        membership.thread.start();
        return membership;
    }

    private void describe() {
        outbox.say(describing.get());
    }

    /// Something has changed of what this host says of itself.
    public void changed() {
        if (changedHere.compareAndSet(false, true)) {
            news.add(new News.Here());
        }
    }

    /// As long as the others are heard.
    ///
    /// @throws StoreException saying why they are not
    public Store store() {
        var present = store;
        if (present == null) {
            throw new StoreException(away);
        }
        return present;
    }

    private void heard(List<Change> changes) {
        if (changes.stream().anyMatch(Membership::isToBeTold)) {
            changed();
        }
    }

    private static boolean isToBeTold(Change change) {
        return change.record() instanceof EndpointRecord
                || change.record() instanceof ReplicaRecord
                || change.record() instanceof SharedNetwork;
    }

    private void run() {
        long pause = FIRST_PAUSE.toMillis();
        while (!closed) {
            try (Store store = connecting.get()) {
                follow(store);
            } catch (InterruptedException stop) {
                return;
            } catch (RuntimeException | Error failure) { // whatever it is, the next try must come
                if (closed) {
                    return;
                }
                pause = away.isEmpty() ? FIRST_PAUSE.toMillis() : Math.min(2 * pause, LONGEST_PAUSE.toMillis());
                isAway(failure);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(pause);
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private void isAway(Throwable failure) {
        var reason = failure instanceof StoreException ? String.valueOf(failure.getMessage()) : failure.toString();
        if (!reason.equals(away)) {
            LOG.log(WARNING, "the cluster is away, and what is here goes on: {0}", reason);
        }
        away = reason;
    }

    private void follow(Store store) throws InterruptedException {
        news.clear();
        changedHere.set(false);
        var all = store.read();
        outbox.reset(all.entries());
        if (!outbox.putBackBlocks(store)) {
            throw new StoreException("others change what this host writes, faster than it hears of them");
        }
        mirror.take(all.entries());
        outbox.goOnBehindTheStore();
        try (var _ = closing(store.watch(all.revision(), new Ear()))) {
            tell(store);
            LOG.log(
                    INFO,
                    "in the cluster, with {0} hosts on record",
                    registry.hosts().size());
            away = "";
            this.store = store;
            long next = System.nanoTime();
            while (true) {
                long wait = next - System.nanoTime();
                if (wait <= 0) {
                    describe();
                    if (!outbox.beat(store, clock.instant())) {
                        throw new StoreException(
                                "the store has not what was written to it last: it was put back to an earlier state");
                    }
                    next = System.nanoTime() + beat.toNanos();
                    continue;
                }
                var first = news.poll(wait, TimeUnit.NANOSECONDS);
                if (first != null) {
                    take(first);
                    tell(store);
                }
            }
        } finally {
            this.store = null;
        }
    }

    /// The watch of a store that is closed may fail to end.
    private interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    private static Watch closing(AutoCloseable watch) {
        return () -> {
            try {
                watch.close();
            } catch (Exception failure) {
                LOG.log(WARNING, "cannot end the watch of the store: {0}", failure.getMessage());
            }
        };
    }

    /// And all that has come meanwhile, in one commit.
    private void take(News first) {
        var all = new ArrayList<Store.Entry>();
        for (@Nullable News one = first; one != null; one = news.poll()) {
            switch (one) {
                case News.Changed(var written, var removed) -> {
                    if (written.stream().anyMatch(outbox::isOfAnother)) {
                        throw new StoreException("another machine says that it is this host. If it is a copy of this"
                                + " one, remove its state before its agent starts.");
                    }
                    all.addAll(written);
                    written.stream()
                            .filter(entry -> entry.key().startsWith(Keys.ALIVE))
                            .forEach(entry -> heard.put(entry.key().substring(Keys.ALIVE.length()), clock.instant()));
                    outbox.wrote(written);
                    outbox.lost(removed);
                }
                case News.Lost(var reason) -> throw reason;
                case News.Here() -> {
                    changedHere.set(false);
                    describe();
                }
            }
        }
        mirror.take(all);
    }

    private void tell(Store store) throws InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            outbox.refresh();
            if (outbox.send(store)) {
                return;
            }
            var first = news.poll(HEARING.toMillis(), TimeUnit.MILLISECONDS);
            if (first != null) {
                take(first);
            }
        }
        throw new StoreException("others change what this host writes, faster than it hears of them");
    }

    private final class Ear implements Store.Watcher {
        @Override
        public void changed(List<Store.Entry> written, List<String> removed) {
            news.add(new News.Changed(written, removed));
        }

        @Override
        public void lost(StoreException reason) {
            news.add(new News.Lost(reason));
        }
    }

    /// When a host was heard last, by this host's clock; empty if it was not since this host is in the cluster.
    public Optional<Instant> heard(String hostId) {
        return Optional.ofNullable(heard.get(hostId));
    }

    /// Why the others are not heard; empty as long as they are.
    public String away() {
        return away;
    }

    /// What of the store cannot be read, a sentence each.
    public List<String> problems() {
        return mirror.problems();
    }

    @Override
    public void close() {
        closed = true;
        watching.run();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
