package dev.weft.system;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/// Waits for what another process does in its own time.
final class Eventually {
    /// Beyond any machine's slowness; no test measures with it.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Eventually() {}

    static void isTrue(String what, BooleanSupplier condition) {
        var end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("not so after " + PATIENCE.toSeconds() + " s: " + what);
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting until " + what, stop);
            }
        }
    }
}
