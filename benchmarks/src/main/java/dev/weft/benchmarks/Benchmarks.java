package dev.weft.benchmarks;

import dev.weft.lab.Lab;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/// `weft bench [ROUNDS [PART..]]`: what is measured, all or some of it, in one run; prints Markdown.
public final class Benchmarks {
    private static final int ROUNDS = 20;

    /// What can be measured by itself, in the order in which it is.
    private enum Part {
        ADDRESSES,
        STATE,
        CALLS,
        MODES,
        START,
        RUN,
        LAN;

        /// As it is given.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private Benchmarks() {}

    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS;
        var parts = arguments.length > 1
                ? parts(List.of(arguments).subList(1, arguments.length))
                : EnumSet.allOf(Part.class);
        var random = new Random(42);
        if (parts.contains(Part.ADDRESSES)) {
            AddressChoice.measure();
        }
        if (parts.contains(Part.STATE)) {
            new StateScale().measure();
        }
        if (!Collections.disjoint(parts, Set.of(Part.CALLS, Part.MODES, Part.START, Part.RUN))) {
            onOneHost(parts, rounds, random);
        }
        if (parts.contains(Part.LAN)) {
            try (var lab = Lab.start(2, "", 1500)) {
                new LanTraffic(lab, random).measure(rounds);
            }
        }
    }

    private static Set<Part> parts(List<String> names) {
        var parts = EnumSet.noneOf(Part.class);
        for (var name : names) {
            parts.add(Arrays.stream(Part.values())
                    .filter(part -> part.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "there is no part '" + name + "' of the benchmarks; there are " + List.of(Part.values()))));
        }
        return parts;
    }

    private static void onOneHost(Set<Part> parts, int rounds, Random random) throws IOException {
        try (var lab = Lab.start(1, "", 1500)) {
            var host = lab.host(1);
            if (parts.contains(Part.CALLS)) {
                new CallOverhead(host, random).measure();
            }
            if (parts.contains(Part.MODES)) {
                new CallOverhead(host, random).measureModes(rounds);
            }
            if (parts.contains(Part.START)) {
                new AgentStart(host, random).measure(rounds);
            }
            if (parts.contains(Part.RUN)) {
                new RunTimes(host).measure(rounds, random);
            }
        }
    }
}
