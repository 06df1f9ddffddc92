package dev.weft.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// What comes true by itself, and how long that may take at most.
final class Eventually {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration STEP = Duration.ofMillis(10);

    private Eventually() {}

    static void isTrue(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(STEP.toNanos());
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    static <T> void equal(String what, Supplier<T> seen, T expected) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Objects.equals(seen.get(), expected) && System.nanoTime() < end) {
            LockSupport.parkNanos(STEP.toNanos());
        }
        assertThat(seen.get()).as(what).isEqualTo(expected);
    }
}
