package dev.weft.engine;

import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Follows an engine's events for ever, on a thread of its own: whatever ends them, it connects again after 0.1 s, and
/// after twice as long each time that it comes to nothing, up to 5 s.
public final class EngineWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EngineWatch.class.getName());
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    /// What is told of an engine that is away: what listens in its place may give another reason each time.
    private static final int REASONS = 5;

    private final EngineApi api;
    private final EngineListener listener;
    private final Pauses pauses;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("weft-engine-watch").unstarted(this::run);
    private Duration pause = SHORTEST;
    private final Set<String> told = new HashSet<>();
    private volatile boolean closed;

    /// Waits between two connections.
    @FunctionalInterface
    interface Pauses {
        void pause(Duration duration) throws InterruptedException;
    }

    private EngineWatch(
            EngineApi api, EngineListener listener, Pauses pauses, LongSupplier nanoTime, RandomGenerator random) {
        this.api = api;
        this.listener = listener;
        this.pauses = pauses;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /// Begins at once; needs no engine yet.
    ///
    /// @param api stays the caller's to close, after the watch
    public static EngineWatch start(EngineApi api, EngineListener listener) {
        return start(api, listener, Thread::sleep, System::nanoTime, RandomGenerator.getDefault());
    }

    /// @param nanoTime as [System#nanoTime]
    /// @param random   shortens pauses by up to a half, so that many watches do not come at once
    static EngineWatch start(
            EngineApi api, EngineListener listener, Pauses pauses, LongSupplier nanoTime, RandomGenerator random) {
        var watch = new EngineWatch(api, listener, pauses, nanoTime, random);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try {
            while (!closed) {
                long begun = nanoTime.getAsLong();
                attempt();
                if (nanoTime.getAsLong() - begun >= LONGEST.toNanos()) {
                    pause = SHORTEST;
                }
                if (!closed) {
                    pauses.pause(pause.multipliedBy(50 + random.nextInt(51)).dividedBy(100));
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt() {
        try {
            follow();
        } catch (EngineException reason) {
            lost(reason);
        } catch (RuntimeException | Error failure) { // it follows for ever, whatever happened once
            LOG.log(WARNING, "cannot make use of what the engine tells; tried again soon", failure);
        }
    }

    private void follow() {
        try (var events = api.events()) {
            told.clear();
            listener.connected();
            while (!closed) {
                listener.happened(events.next());
            }
        }
    }

    private void lost(EngineException reason) {
        if (closed || told.size() == REASONS || !told.add(String.valueOf(reason.getMessage()))) {
            return;
        }
        try {
            listener.lost(reason);
        } catch (RuntimeException | Error failure) {
            LOG.log(WARNING, "cannot take note that the engine is away", failure);
        }
    }

    /// Interrupts the thread, also in a method of the listener, and waits for its end.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
