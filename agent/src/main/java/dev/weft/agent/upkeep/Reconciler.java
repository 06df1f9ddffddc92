package dev.weft.agent.upkeep;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.weft.drivers.Reconciliation;
import dev.weft.drivers.WeftDriver;
import dev.weft.drivers.plan.Fabric;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The loop that compares what should exist with what does: at start, at every interval, and soon after the kernel
/// changed.
///
/// Says each repair in one line, and each problem once until it is over. Any thread may ask what it has found.
public final class Reconciler implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Reconciler.class.getName());

    /// Changes come in bunches: one comparison serves them all.
    private static final Duration SETTLING = Duration.ofMillis(200);

    /// It takes a fifth of its thread's time at most, however often the kernel changes.
    private static final int REST = 4;

    /// One comparison, which has ended.
    ///
    /// @param at       when it ended, by the host's clock
    /// @param repairs  steps that changed something, as commands
    /// @param removed  what was left of endpoints that are gone, by the alias of their links
    /// @param problems what could not be mended, a sentence each
    public record Round(Instant at, Duration took, List<String> repairs, List<String> removed, List<String> problems) {
        public Round {
            repairs = List.copyOf(repairs);
            removed = List.copyOf(removed);
            problems = List.copyOf(problems);
        }
    }

    private static final Reconciliation NOTHING = new Reconciliation(List.of(), List.of(), List.of(), Set.of());

    private final WeftDriver driver;
    private final Fabric fabric;
    private final Duration interval;
    private final InstantSource clock;
    private final Thread thread;
    private final Semaphore changes = new Semaphore(0);
    private final AtomicLong repairs = new AtomicLong();
    private final AtomicLong rounds = new AtomicLong();
    private volatile Reconciliation last = NOTHING;
    private volatile Set<String> problems = Set.of();
    private volatile @Nullable Round lastRound;

    /// One comparison at a time; it guards what is below.
    private final Object comparing = new Object();

    private final Fights fights = new Fights(System::nanoTime);

    private List<String> settingsProblems = List.of();

    /// When, by `System.nanoTime()`; 0 for never.
    private long settingsChecked;

    private Reconciler(WeftDriver driver, Fabric fabric, Duration interval, InstantSource clock) {
        this.driver = driver;
        this.fabric = fabric;
        this.interval = interval;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("weft-reconciler").daemon().unstarted(this::run);
    }

    public static Reconciler start(WeftDriver driver, Fabric fabric, Duration interval, InstantSource clock) {
        var reconciler = new Reconciler(driver, fabric, interval, clock);
        reconciler.thread.start();
        return reconciler;
    }

    private void run() {
        try {
            while (true) {
                long begun = System.nanoTime();
                compare();
                long rest = Math.max(SETTLING.toNanos(), (System.nanoTime() - begun) * REST);
                if (changes.tryAcquire(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                    TimeUnit.NANOSECONDS.sleep(rest);
                    changes.drainPermits();
                }
            }
        } catch (InterruptedException closed) {
            // The agent stops.
        }
    }

    /// Compares and mends, on the caller's thread, after a comparison that is under way.
    public Round compareNow() {
        synchronized (comparing) {
            settingsChecked = 0;
            return compare();
        }
    }

    private Round compare() {
        synchronized (comparing) {
            long begun = System.nanoTime();
            var outcome = reconcile();
            var round = new Round(
                    clock.instant(),
                    Duration.ofNanos(System.nanoTime() - begun),
                    outcome.repairs().stream().map(Object::toString).toList(),
                    outcome.removed(),
                    problems.stream().sorted().toList());
            lastRound = round;
            return round;
        }
    }

    private Reconciliation reconcile() {
        try {
            var outcome = driver.reconcile();
            outcome.repairs().stream()
                    .map(Object::toString)
                    .filter(fights::isWorthTelling)
                    .forEach(step -> LOG.log(INFO, "repaired: {0}", step));
            outcome.removed().forEach(alias -> LOG.log(INFO, "removed what was left of {0}, which is gone", alias));
            outcome.strangers().stream()
                    .filter(alias -> !last.strangers().contains(alias))
                    .forEach(alias -> LOG.log(
                            WARNING,
                            "links with the alias \"{0}\" are of nothing on record; they stay until the engine has"
                                    + " been without it for long",
                            alias));
            repairs.addAndGet(outcome.repairs().size() + outcome.removed().size());
            var found = new ArrayList<>(settingsProblems());
            found.addAll(outcome.problems());
            found.addAll(fights.problems());
            found.stream().filter(problem -> !problems.contains(problem)).forEach(problem -> LOG.log(WARNING, problem));
            problems = Set.copyOf(found);
            last = outcome;
            return outcome;
        } catch (RuntimeException | Error failure) { // the next round must come, whatever happened in this one
            LOG.log(WARNING, "cannot compare what should exist with what does; tried again later", failure);
            problems = Set.of("cannot compare what should exist with what does: " + failure.getMessage());
            return NOTHING;
        } finally {
            rounds.incrementAndGet();
        }
    }

    /// The namespace itself does not change with its links: looked at once in an interval only.
    private List<String> settingsProblems() {
        if (settingsChecked == 0 || System.nanoTime() - settingsChecked > interval.toNanos()) {
            settingsProblems = fabric.settle();
            settingsChecked = System.nanoTime();
        }
        return settingsProblems;
    }

    /// Something in the kernel was changed, by us or by others: compare soon.
    public void compareSoon() {
        if (changes.availablePermits() == 0) {
            changes.release();
        }
    }

    /// Steps and leftovers that were mended since the agent started.
    public long repairs() {
        return repairs.get();
    }

    /// Comparisons that have ended since the agent started.
    public long rounds() {
        return rounds.get();
    }

    /// The last comparison; empty until the first has ended.
    public Optional<Round> lastRound() {
        return Optional.ofNullable(lastRound);
    }

    /// What the last comparison could not mend, and what was heard on LANs since, a sentence each.
    public Set<String> problems() {
        var all = new HashSet<>(problems);
        all.addAll(driver.claims());
        return Set.copyOf(all);
    }

    /// Aliases of links that bear Weft's mark and are of nothing on record, as the last comparison saw them.
    public Set<String> strangers() {
        return last.strangers();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
