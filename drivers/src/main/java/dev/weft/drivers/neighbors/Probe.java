package dev.weft.drivers.neighbors;

import dev.weft.drivers.options.Option;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;

/// How long to ask the LAN for the holder of an address before a container gets it.
public enum Probe {
    /// Not at all.
    OFF,
    /// Once, and 200 ms for answers.
    FAST,
    /// As RFC 5227 (section 2.1.1) and RFC 4862 (section 5.4) want it, which takes 4 to 7 s.
    RFC;

    public static final Option OPTION = new Option(
            "probe", Set.of(Option.Place.NETWORK), "off, fast or rfc", "fast", "-", "macvlan, ipvlan", "0.1");

    private static final Duration FAST_WAIT = Duration.ofMillis(200);

    // RFC 5227, section 1.1, in ms
    private static final int PROBE_WAIT = 1000;
    private static final int PROBE_NUM = 3;
    private static final int PROBE_MIN = 1000;
    private static final int PROBE_MAX = 2000;
    private static final int ANNOUNCE_WAIT = 2000;

    /// @throws IllegalArgumentException saying what to give
    public static Probe parse(String text) {
        for (var probe : values()) {
            if (probe.toString().equals(text)) {
                return probe;
            }
        }
        throw new IllegalArgumentException("give off, fast or rfc");
    }

    /// When to ask, from the beginning on, and when to stop listening.
    record Schedule(List<Duration> asking, Duration end) {}

    Schedule schedule(RandomGenerator random) {
        return switch (this) {
            case OFF -> new Schedule(List.of(), Duration.ZERO);
            case FAST -> new Schedule(List.of(Duration.ZERO), FAST_WAIT);
            case RFC -> {
                int at = random.nextInt(PROBE_WAIT + 1);
                var asking = new ArrayList<Duration>();
                for (int i = 0; i < PROBE_NUM; i++) {
                    asking.add(Duration.ofMillis(at));
                    at += random.nextInt(PROBE_MIN, PROBE_MAX + 1);
                }
                yield new Schedule(asking, asking.getLast().plusMillis(ANNOUNCE_WAIT));
            }
        };
    }

    /// As it is given.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
