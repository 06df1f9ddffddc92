package dev.weft.agent;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.weft.drivers.WeftDriver;
import dev.weft.drivers.plan.Fabric;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The loop that compares what should exist with what does: at start, every minute, and soon after links changed.
///
/// Says each repair in one line, and each problem once until it is over.
final class Reconciler implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Reconciler.class.getName());
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /// Changes come in bunches: one comparison serves them all.
    private static final Duration SETTLING = Duration.ofSeconds(1);

    private final WeftDriver driver;
    private final Fabric fabric;
    private final Thread thread;
    private final Semaphore changes = new Semaphore(0);
    private Set<String> knownProblems = Set.of();
    private List<String> settingsProblems = List.of();

    /// When, by `System.nanoTime()`; 0 for never.
    private long settingsChecked;

    private Reconciler(WeftDriver driver, Fabric fabric) {
        this.driver = driver;
        this.fabric = fabric;
        this.thread = Thread.ofPlatform().name("weft-reconciler").daemon().unstarted(this::run);
    }

    static Reconciler start(WeftDriver driver, Fabric fabric) {
        var reconciler = new Reconciler(driver, fabric);
        reconciler.thread.start();
        return reconciler;
    }

    private void run() {
        try {
            while (true) {
                reconcile();
                if (changes.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    Thread.sleep(SETTLING);
                    changes.drainPermits();
                }
            }
        } catch (InterruptedException closed) {
            // The agent stops.
        }
    }

    private void reconcile() {
        try {
            var outcome = driver.reconcile();
            outcome.repairs().forEach(step -> LOG.log(INFO, "repaired: {0}", step));
            outcome.removed().forEach(link -> LOG.log(INFO, "removed link {0}, which no network needs", link));
            var problems = new HashSet<>(settingsProblems());
            problems.addAll(outcome.problems());
            problems.stream()
                    .filter(problem -> !knownProblems.contains(problem))
                    .forEach(problem -> LOG.log(WARNING, problem));
            knownProblems = Set.copyOf(problems);
        } catch (RuntimeException failure) {
            LOG.log(WARNING, "cannot compare what should exist with what does; tried again in a minute", failure);
        }
    }

    /// The namespace itself does not change with its links: looked at every minute only.
    private List<String> settingsProblems() {
        if (settingsChecked == 0 || System.nanoTime() - settingsChecked > INTERVAL.toNanos()) {
            settingsProblems = fabric.settle();
            settingsChecked = System.nanoTime();
        }
        return settingsProblems;
    }

    /// Links of the fabric were changed, by us or by others: compare soon.
    void linksChanged() {
        if (changes.availablePermits() == 0) {
            changes.release();
        }
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
