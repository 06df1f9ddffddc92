package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for what another process does in its own time.
final class Eventually {
    /// Beyond any machine's slowness; no test measures with it.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Eventually() {}

    /// What it is in the end, if it never is what it should be, is in the failure.
    static void isEqual(Supplier<String> actual, String expected) {
        var end = Instant.now().plus(PATIENCE);
        while (!actual.get().equals(expected) && Instant.now().isBefore(end)) {
            pause("something is as it should be");
        }
        assertThat(actual.get()).isEqualTo(expected);
    }

    static void isTrue(String what, BooleanSupplier condition) {
        var end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("not so after " + PATIENCE.toSeconds() + " s: " + what);
            }
            pause(what);
        }
    }

    private static void pause(String what) {
        try {
            Thread.sleep(100);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting until " + what, stop);
        }
    }
}
