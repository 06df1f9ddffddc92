package dev.weft.agent.doctor;

import dev.weft.state.Tombstone;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A clock that was put back: the state has times that are yet to come.
final class ClockCheck {
    private static final Duration TOLERATED = Duration.ofMinutes(1);

    private ClockCheck() {}

    static List<Finding> of(Snapshot facts) {
        return Stream.concat(
                        facts.recorded().tombstones().stream().map(Tombstone::at),
                        Stream.of(facts.state().written()))
                .max(Comparator.naturalOrder())
                .filter((Instant latest) -> latest.isAfter(facts.now().plus(TOLERATED)))
                .map(latest -> Finding.warning(
                        "clock-back",
                        "",
                        "the clock says " + facts.now() + ", and the state was written at " + latest
                                + ": it was wrong then or is now. Weft does not depend on it; times in its log do."
                                + " Set it right (timedatectl)."))
                .stream()
                .toList();
    }
}
