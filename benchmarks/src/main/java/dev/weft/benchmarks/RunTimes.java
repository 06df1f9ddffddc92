package dev.weft.benchmarks;

import dev.weft.lab.Host;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// `docker run --rm` on each kind of network, in rounds whose order is shuffled anew each time.
final class RunTimes {
    /// A kind of network.
    ///
    /// @param network its name
    /// @param made    driver and options of `docker network create`; empty for what every engine has
    private record Kind(String title, String network, String made) {}

    private static final Kind NONE = new Kind("none", "none", "");
    private static final Kind BRIDGE = new Kind("bridge (user)", "b", "bridge");
    private static final Kind OVERLAY = new Kind("overlay", "o", "overlay --attachable");
    private static final Kind WEFT = new Kind("weft", "w", "weft");
    private static final Kind WEFT_INTERNAL = new Kind("weft --internal", "i", "weft --internal");
    private static final Kind MACVLAN = new Kind("macvlan", "m", "macvlan -o parent=eth0 --subnet 10.78.1.0/24");
    private static final Kind WEFT_MACVLAN = new Kind(
            "weft, mode=macvlan, probe=off",
            "l",
            "weft -o mode=macvlan -o parent=eth0 -o probe=off --subnet 10.78.2.0/24");
    private static final Kind WEFT_PROBING = new Kind(
            "weft, mode=macvlan, probe=fast",
            "p",
            "weft -o mode=macvlan -o parent=eth0 -o probe=fast --subnet 10.78.3.0/24");

    private final Host host;
    private final Map<Kind, Series> times = new LinkedHashMap<>();

    RunTimes(Host host) {
        this.host = host;
        for (var kind : List.of(NONE, BRIDGE, OVERLAY, WEFT, WEFT_INTERNAL, MACVLAN, WEFT_MACVLAN, WEFT_PROBING)) {
            times.put(kind, new Series(kind.title));
        }
    }

    /// Prints a table in milliseconds, and the ratios.
    void measure(int rounds, Random random) {
        prepare();
        for (var kind : times.keySet()) {
            run(kind); // not counted: the first run on a network makes docker_gwbridge and the like
        }
        for (int round = 1; round <= rounds; round++) {
            var order = new ArrayList<>(times.keySet());
            Collections.shuffle(order, random);
            for (var kind : order) {
                series(kind).add(run(kind));
            }
            System.err.printf("docker run: round %d of %d%n", round, rounds);
        }
        System.out.println(Series.header("`docker run --rm --network X busybox true`, ms, n = " + rounds));
        times.values().forEach(kind -> System.out.println(kind.row()));
        System.out.println();
        ratio(WEFT_INTERNAL, BRIDGE, 1.0);
        ratio(WEFT, BRIDGE, 1.25);
        ratio(WEFT, OVERLAY, 0.75);
        ratio(WEFT_INTERNAL, OVERLAY, 0.75);
        ratio(WEFT_INTERNAL, NONE, Double.NaN);
        ratio(WEFT_MACVLAN, MACVLAN, 1.0);
        System.out.printf(
                "- %s: %.0f ms more than %s%n%n",
                WEFT_PROBING.title,
                series(WEFT_PROBING).median() - series(WEFT_MACVLAN).median(),
                WEFT_MACVLAN.title);
    }

    private void prepare() {
        host.startAgent();
        host.docker("swarm", "init", "--advertise-addr", host.address()).ok();
        var networks =
                times.keySet().stream().filter(kind -> !kind.made.isEmpty()).toList();
        for (var kind : networks) {
            host.sh("docker network create -d " + kind.made + " " + kind.network)
                    .ok();
        }
        // The last container to leave an overlay takes its devices down; one that stays spares the others that.
        for (var kind : networks) {
            host.docker("run", "-d", "--network", kind.network, "busybox", "top")
                    .ok();
        }
    }

    private double run(Kind kind) {
        long start = System.nanoTime();
        host.docker("run", "--rm", "--network", kind.network, "busybox", "true").ok();
        return (System.nanoTime() - start) / 1e6;
    }

    private void ratio(Kind one, Kind other, double target) {
        double ratio = series(one).median() / series(other).median();
        System.out.printf(
                "- %s / %s = %.2f%s%n",
                one.title, other.title, ratio, Double.isNaN(target) ? "" : " (target: at most %.2f)".formatted(target));
    }

    private Series series(Kind kind) {
        return Objects.requireNonNull(times.get(kind));
    }
}
