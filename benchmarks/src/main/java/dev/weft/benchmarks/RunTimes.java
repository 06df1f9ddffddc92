package dev.weft.benchmarks;

import dev.weft.lab.Host;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// `docker run --rm` on each kind of network, in rounds whose order is shuffled anew each time.
final class RunTimes {
    private static final String NONE = "none";
    private static final String BRIDGE = "bridge (user)";
    private static final String OVERLAY = "overlay";
    private static final String WEFT = "weft";
    private static final String WEFT_INTERNAL = "weft --internal";

    private final Host host;
    private final Map<String, Series> kinds = new LinkedHashMap<>();

    RunTimes(Host host) {
        this.host = host;
        for (var kind : List.of(NONE, BRIDGE, OVERLAY, WEFT, WEFT_INTERNAL)) {
            kinds.put(kind, new Series(kind));
        }
    }

    /// Prints a table in milliseconds, and the ratios.
    void measure(int rounds, Random random) {
        prepare();
        for (var kind : kinds.values()) {
            run(kind.name()); // not counted: the first run on a network makes docker_gwbridge and the like
        }
        for (int round = 1; round <= rounds; round++) {
            var order = new ArrayList<>(kinds.values());
            Collections.shuffle(order, random);
            for (var kind : order) {
                kind.add(run(kind.name()));
            }
            System.err.printf("docker run: round %d of %d%n", round, rounds);
        }
        System.out.println(Series.header("`docker run --rm --network X busybox true`, ms, n = " + rounds));
        kinds.values().forEach(kind -> System.out.println(kind.row()));
        System.out.println();
        ratio(WEFT_INTERNAL, BRIDGE, 1.0);
        ratio(WEFT, BRIDGE, 1.25);
        ratio(WEFT, OVERLAY, 0.75);
        ratio(WEFT_INTERNAL, OVERLAY, 0.75);
        ratio(WEFT_INTERNAL, NONE, Double.NaN);
    }

    private void prepare() {
        host.startAgent();
        host.docker("swarm", "init", "--advertise-addr", host.address()).ok();
        host.docker("network", "create", "-d", "bridge", "b").ok();
        host.docker("network", "create", "-d", "overlay", "--attachable", "o").ok();
        host.docker("network", "create", "-d", "weft", "w").ok();
        host.docker("network", "create", "-d", "weft", "--internal", "i").ok();
        // The last container to leave an overlay takes its devices down; one that stays spares the others that.
        for (var network : List.of("b", "o", "w", "i")) {
            host.docker("run", "-d", "--network", network, "busybox", "top").ok();
        }
    }

    private double run(String kind) {
        var network = switch (kind) {
            case BRIDGE -> "b";
            case OVERLAY -> "o";
            case WEFT -> "w";
            case WEFT_INTERNAL -> "i";
            default -> "none";
        };
        long start = System.nanoTime();
        host.docker("run", "--rm", "--network", network, "busybox", "true").ok();
        return (System.nanoTime() - start) / 1e6;
    }

    private void ratio(String one, String other, double target) {
        double ratio = series(one).median() / series(other).median();
        System.out.printf(
                "- %s / %s = %.2f%s%n",
                one, other, ratio, Double.isNaN(target) ? "" : " (target: at most %.2f)".formatted(target));
    }

    private Series series(String kind) {
        var series = kinds.get(kind);
        if (series == null) {
            throw new IllegalArgumentException("no kind of network is called " + kind);
        }
        return series;
    }
}
