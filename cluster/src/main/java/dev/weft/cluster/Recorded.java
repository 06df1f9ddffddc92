package dev.weft.cluster;

import dev.weft.state.Registry;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Waits for the mirror to put on record what was written to the store: it alone does, so that the registry never goes
/// back behind what it had.
final class Recorded {
    private Recorded() {}

    /// @throws StoreException if it does not come
    static void await(Registry registry, BooleanSupplier recorded, Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        var news = new Semaphore(0);
        var watching = registry.watch(changes -> news.release());
        try {
            while (!recorded.getAsBoolean()) {
                if (!news.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    throw new StoreException("the store does not tell of what was written to it");
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StoreException("the agent stops", stop);
        } finally {
            watching.run();
        }
    }
}
