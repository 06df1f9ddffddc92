package dev.weft.agent.history;

import dev.weft.cluster.EtcdSettings;
import dev.weft.cluster.EtcdStore;
import dev.weft.lab.Etcd;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Random histories of four hosts with a real etcd, each of a seed of its own: `-Dweft.seed=N` plays one again.
@Tag("long")
@DisplayNameGeneration(ReplaceUnderscores.class)
class HistoryTest {
    private static final int RUNS = Boolean.getBoolean("weft.long") ? 500 : 50;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration WITH_FAULTS = Duration.ofSeconds(10);
    private static final int SEEDS_TO_FIND_A_FAULT = 50;

    @TempDir
    private static Path all;

    private static Etcd etcd;
    private static NetworkNamespace namespace;
    private static Netlink routes;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() throws IOException {
        etcd = Etcd.start(Files.createDirectory(all.resolve("etcd")));
        namespace = NetworkNamespace.current();
        routes = Netlink.open(namespace);
    }

    @AfterAll
    static void close() {
        routes.close();
        namespace.close();
        etcd.close();
    }

    static List<Long> seeds() {
        var one = Long.getLong("weft.seed");
        return one != null
                ? List.of(one)
                : new Random().longs(RUNS, 0, Long.MAX_VALUE).boxed().toList();
    }

    private static void play(long seed, Path folder, SimulatedHost.Fault fault, Duration patience) throws Exception {
        var prefix = "/" + folder.getFileName() + "-" + seed;
        var settings = new EtcdSettings(List.of(etcd.client()), prefix, null, null, null, null, null);
        try (var history =
                new History(seed, folder, etcd, () -> EtcdStore.connect(settings), routes, fault, patience)) {
            history.play();
            history.check();
        }
    }

    @ParameterizedTest(name = "-Dweft.seed={0}")
    @MethodSource("seeds")
    void no_address_is_given_twice_and_in_the_end_all_know_the_same(long seed) throws Exception {
        play(seed, folder, new SimulatedHost.Fault() {}, PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(Planted.class)
    void a_fault_is_found(Planted fault) throws Exception {
        for (long seed = 1; seed <= SEEDS_TO_FIND_A_FAULT; seed++) {
            try {
                play(seed, Files.createDirectory(folder.resolve("s" + seed)), fault, WITH_FAULTS);
            } catch (AssertionError found) {
                System.out.println(fault + " is found with seed " + seed + ": "
                        + found.getMessage().lines().findFirst().orElse(""));
                return;
            }
        }
        throw new AssertionError(fault + " is not found with " + SEEDS_TO_FIND_A_FAULT + " seeds");
    }
}
