package dev.weft.agent.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A production, played once to learn its points, and once more for each of some, in which the agent is killed there.
/// Cases follow one another on a host, on what the one before has left.
final class Matrix {
    private static final int HOSTS = 3;

    private final Production production;
    private final Path folder;
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger run = new AtomicInteger();

    /// @param folder for the state of its hosts
    Matrix(Production production, Path folder) {
        this.production = production;
        this.folder = folder;
    }

    /// Plays the story without a death.
    ///
    /// @return its points, in their order
    List<String> points() throws Exception {
        try (var host = host("living")) {
            try (var stage = new Stage(host, production, 0)) {
                var points = stage.play();
                stage.check();
                return points;
            } catch (Exception | AssertionError failure) {
                throw new AssertionError(production + ":\n" + host.log(), failure);
            }
        }
    }

    /// Whose agent has seen its engine: that is put on record once.
    private Host host(String name) throws IOException {
        var host = new Host(Files.createDirectory(folder.resolve(name)));
        host.say("collect " + new Belief(List.of(), List.of()).line());
        return host;
    }

    /// Plays it with a death at some of the points.
    ///
    /// @param deaths their numbers, from 1
    /// @return how many cases were run
    /// @throws AssertionError with every case after which something is not as it must be
    int kill(List<String> points, List<Integer> deaths) throws Exception {
        try (var workers = Executors.newFixedThreadPool(HOSTS)) {
            for (int worker = 1; worker <= HOSTS; worker++) {
                int number = worker;
                workers.submit(() -> work(number, points, deaths));
            }
        }
        assertThat(failures).as(production.toString()).isEmpty();
        return run.get();
    }

    private void work(int worker, List<String> points, List<Integer> deaths) {
        for (int life = 1; next.get() < deaths.size(); life++) {
            try (var host = host(worker + "-" + life)) {
                cases(host, points, deaths);
            } catch (IOException | AssertionError failure) {
                failures.add("host " + worker + ": " + failure);
                return;
            }
        }
    }

    /// Until all are done, or one has failed: it may have left what the next must not find.
    private void cases(Host host, List<String> points, List<Integer> deaths) {
        for (int i = next.getAndIncrement(); i < deaths.size(); i = next.getAndIncrement()) {
            int point = deaths.get(i);
            var name = points.get(point - 1);
            run.incrementAndGet();
            try (var stage = new Stage(host, production, point)) {
                stage.play();
                assertThat(host.killedAt()).as("where it was killed").isEqualTo(name);
                stage.check();
            } catch (Exception | AssertionError failure) {
                failures.add("killed at " + point + ", " + name + ": " + failure + "\n" + host.log());
                return;
            }
        }
    }
}
