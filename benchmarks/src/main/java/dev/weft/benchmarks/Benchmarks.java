package dev.weft.benchmarks;

import dev.weft.lab.Lab;
import java.io.IOException;
import java.util.Random;

/// `weft bench [ROUNDS]`: everything that is measured, in one run; prints Markdown.
public final class Benchmarks {
    private static final int ROUNDS = 20;

    private Benchmarks() {}

    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS;
        var random = new Random(42);
        AddressChoice.measure();
        new StateScale().measure();
        try (var lab = Lab.start(1, "", 1500)) {
            var host = lab.host(1);
            new CallOverhead(host, random).measure();
            new AgentStart(host, random).measure(rounds);
            new RunTimes(host).measure(rounds, random);
        }
    }
}
