package dev.weft.agent.upkeep;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// Repairs that somebody undoes again and again: told a few times, then as one problem for as long as it goes on. For
/// one thread at a time.
final class Fights {
    /// A person is slower, who alters one thing after the other.
    private static final Duration BETWEEN = Duration.ofSeconds(5);

    private static final int MANY = 30;

    /// @param times of the same repair, each soon after the last
    private record Series(int times, long last) {}

    private final Map<String, Series> series = new HashMap<>();
    private final LongSupplier nanoTime;

    /// @param nanoTime as [System#nanoTime]
    Fights(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Counts the repair; false if it was told often enough.
    boolean isWorthTelling(String repair) {
        end();
        var now = nanoTime.getAsLong();
        return series.merge(repair, new Series(1, now), (known, one) -> new Series(known.times + 1, now)).times <= MANY;
    }

    private void end() {
        long now = nanoTime.getAsLong();
        series.values().removeIf(known -> now - known.last > BETWEEN.toNanos());
    }

    /// A sentence for each that goes on.
    List<String> problems() {
        end();
        return series.entrySet().stream()
                .filter(known -> known.getValue().times > MANY)
                .map(known -> "somebody keeps undoing what Weft repairs, more than " + MANY
                        + " times with less than " + BETWEEN.toSeconds() + " s between: '" + known.getKey()
                        + "'. Find out who changes it (ip monitor), and end that.")
                .sorted()
                .toList();
    }
}
