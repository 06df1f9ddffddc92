package dev.weft.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that writes with many threads is killed at random moments, up to 10 times on the same folder: 5 times in
/// all, or 100 with `-Dweft.long=true`.
@DisplayNameGeneration(ReplaceUnderscores.class)
class CrashTest {
    private static final int ROUNDS = Boolean.getBoolean("weft.long") ? 100 : 5;
    private static final int ROUNDS_OF_A_FOLDER = 10;
    private static final int THREADS = 8;

    private static final PoolRecord POOL = Sample.RECORDS.stream()
            .filter(PoolRecord.class::isInstance)
            .map(PoolRecord.class::cast)
            .findFirst()
            .orElseThrow();

    private final Set<Integer> recorded = new HashSet<>();
    private final Set<Integer> removed = new HashSet<>();

    @Test
    void nothing_acknowledged_is_missing_and_nothing_is_half_however_often_it_is_killed(@TempDir Path temporary)
            throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        int begin = 0;
        for (int round = 0; round < ROUNDS; round++) {
            if (round % ROUNDS_OF_A_FOLDER == 0) {
                recorded.clear();
                removed.clear();
                begin = 0;
            }
            var folder = temporary.resolve("state-" + round / ROUNDS_OF_A_FOLDER);
            writeAndKill(folder, begin, 1 + random.nextInt(2000));
            try (var registry = Registry.open(folder)) {
                begin = check(registry, "round " + round + ", seed " + seed);
            }
        }
    }

    private void writeAndKill(Path folder, int begin, int lines) throws IOException {
        try (var writer = StateProcess.start(Busy.class, folder.toString(), Integer.toString(begin))) {
            for (int i = 0; i < lines; i++) {
                var line = writer.output().readLine();
                assertThat(line).as("the process ends only when it is killed").isNotNull();
                heard(line);
            }
            writer.kill();
            // acknowledged before the kill, also where the last line is cut
            writer.output().lines().forEach(this::heard);
        }
    }

    private void heard(String line) {
        if (line.matches("[+-]\\d+ ")) {
            (line.charAt(0) == '+' ? recorded : removed)
                    .add(Integer.parseInt(line.substring(1).strip()));
        }
    }

    /// @return a number above all that are there
    private int check(Registry registry, String what) {
        var endpoints = new HashSet<Integer>();
        registry.endpoints().forEach(endpoint -> endpoints.add(number(endpoint.id())));
        var tombstones = new HashSet<Integer>();
        registry.tombstones().forEach(gone -> tombstones.add(number(gone.id())));
        var pairs = new HashSet<>(endpoints);
        assertThat(endpoints).as(what).doesNotContainAnyElementsOf(tombstones);
        pairs.addAll(tombstones);
        assertThat(pairs).as(what).containsAll(recorded);
        assertThat(tombstones).as(what).containsAll(removed);
        assertThat(registry.networks()).as(what).hasSize(12);
        registry.endpoints()
                .forEach(endpoint -> assertThat(registry.address(POOL.id(), Busy.ip(number(endpoint.id()))))
                        .as(what)
                        .isPresent());
        assertThat(registry.addressesOf(POOL.id())).as(what).hasSameSizeAs(endpoints);
        return 1 + pairs.stream().mapToInt(number -> number).max().orElse(0);
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(1));
    }

    /// Each thread commits an endpoint together with its address, says so, and every third time removes both again,
    /// with
    /// a tombstone.
    static final class Busy {
        private Busy() {}

        public static void main(String[] arguments) {
            var registry = Registry.open(Path.of(arguments[0]));
            var first = IntStream.range(0, 12)
                    .mapToObj(Sample::network)
                    .map(Change::put)
                    .toList();
            registry.commit(first);
            registry.put(POOL);
            int begin = Integer.parseInt(arguments[1]);
            for (int i = 0; i < THREADS; i++) {
                int offset = begin + i;
                Thread.ofPlatform().start(() -> {
                    for (int number = offset; ; number += THREADS) {
                        write(registry, number);
                    }
                });
            }
        }

        private static void write(Registry registry, int number) {
            var address = new AddressRecord(POOL.id(), ip(number), AddressRecord.Purpose.CHOSEN, 1);
            registry.commit(List.of(Change.put(Sample.endpoint(number)), Change.put(address)));
            System.out.println("+" + number + " ");
            if (number % 3 == 0) {
                registry.commit(List.of(
                        Change.remove(Sample.endpoint(number)),
                        Change.remove(address),
                        Change.put(new Tombstone(Tombstone.Kind.ENDPOINT, "e" + number, "x", "x", Instant.EPOCH))));
                System.out.println("-" + number + " ");
            }
        }

        static InetAddress ip(int number) {
            return InetAddress.ofLiteral("10.0." + number / 256 + "." + number % 256);
        }
    }
}
