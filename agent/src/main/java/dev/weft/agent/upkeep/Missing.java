package dev.weft.agent.upkeep;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/// Since when things have been missing at the engine, by a clock that never goes back. For one thread.
final class Missing {
    private final Map<String, Long> since = new HashMap<>();
    private final Duration grace;
    private final LongSupplier nanoTime;

    /// @param grace how long a thing must be missing, at each look
    Missing(Duration grace, LongSupplier nanoTime) {
        this.grace = grace;
        this.nanoTime = nanoTime;
    }

    /// Whether the thing has been missing long enough; remembers that it is.
    boolean isOver(String thing) {
        long now = nanoTime.getAsLong();
        return now - since.computeIfAbsent(thing, first -> now) >= grace.toNanos();
    }

    /// What is not among them is there, or of no interest any more.
    void keepOnly(Set<String> things) {
        since.keySet().retainAll(things);
    }
}
