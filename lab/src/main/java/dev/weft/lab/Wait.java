package dev.weft.lab;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waiting for something that tells nobody when it happens.
final class Wait {
    private static final Duration STEP = Duration.ofMillis(10);

    private Wait() {}

    static void aMoment() {
        aMoment(STEP);
    }

    static void aMoment(Duration length) {
        try {
            Thread.sleep(length);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while waiting", stop);
        }
    }

    /// Whether `condition` came true in time.
    static boolean until(BooleanSupplier condition, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            aMoment();
        }
        return true;
    }
}
