package dev.weft.ipam;

import static dev.weft.ipam.ServedIpam.address;
import static dev.weft.ipam.WeftIpam.GLOBAL;
import static dev.weft.ipam.WeftIpam.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.AddressText;
import dev.weft.plugin.Refusal;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many callers at once.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ManyThreadsTest {
    private static final long SEED = Long.getLong("weft.seed", System.nanoTime());
    private static final int THREADS = 16;

    @TempDir
    Path folder;

    private ServedIpam served;

    @BeforeEach
    void serve() {
        served = new ServedIpam(folder);
    }

    @AfterEach
    void close() {
        served.close();
    }

    private static <T> List<T> inThreads(Callable<T> work) throws InterruptedException, ExecutionException {
        return inThreads(IntStream.range(0, THREADS).mapToObj(thread -> work).toList());
    }

    private static <T> List<T> inThreads(List<Callable<T>> work) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(work.size())) {
            var results = new ArrayList<T>();
            for (var result : threads.invokeAll(work)) {
                results.add(result.get());
            }
            return results;
        }
    }

    @Test
    void nobody_gets_what_another_has() throws Exception {
        System.out.println("seed " + SEED);
        var pools = List.of(served.pool("10.5.0.0/26"), served.pool("10.6.0.0/24"), served.pool("fd00:5::/64"));
        Set<String> held = ConcurrentHashMap.newKeySet();
        inThreads(IntStream.range(0, THREADS)
                .<Callable<Boolean>>mapToObj(thread -> () -> live(new Random(SEED + thread), pools, held))
                .toList());
        for (int start = 0; start < 2; start++) {
            var recorded = new ArrayList<String>();
            pools.forEach(pool -> served.held(pool).forEach(address -> recorded.add(pool + " " + address)));
            assertThat(recorded).containsExactlyInAnyOrderElementsOf(held);
            assertThat(served.ipam.use().stream().mapToLong(PoolUse::given).sum())
                    .isEqualTo(held.size());
            served.restart();
        }
    }

    /// @param held by anybody: the pool and the address
    private boolean live(Random random, List<String> pools, Set<String> held) {
        var mine = new ArrayDeque<String[]>();
        for (int step = 0; step < 150; step++) {
            var pool = pools.get(random.nextInt(pools.size()));
            if (mine.size() > 10 || !mine.isEmpty() && random.nextInt(3) == 0) {
                var back = mine.remove();
                assertThat(held.remove(back[0] + " " + back[1])).isTrue();
                served.release(back[0], back[1]);
                continue;
            }
            var named = (pool.contains(":") ? "fd00:5::" : pool.startsWith("weft-local/10.5") ? "10.5.0." : "10.6.0.")
                    + (1 + random.nextInt(9));
            try {
                var given = served.ask(pool, random.nextInt(4) == 0 ? address(named) : null, false);
                var text = AddressText.of(given.address());
                assertThat(held.add(pool + " " + text))
                        .as("%s, given twice", text)
                        .isTrue();
                mine.add(new String[] {pool, text});
            } catch (Refusal isHeld) {
                assertThat(isHeld.getMessage()).containsAnyOf("is given already", "no address is free");
            }
        }
        return true;
    }

    @Test
    void an_address_that_all_ask_for_by_name_is_given_to_one() throws Exception {
        var pool = served.pool("10.5.0.0/24");
        var given = inThreads(() -> {
            try {
                return served.name(pool, "10.5.0.9");
            } catch (Refusal refusal) {
                return "";
            }
        });
        assertThat(given).filteredOn(answer -> !answer.isEmpty()).containsExactly("10.5.0.9/24");
        assertThat(served.held(pool)).containsExactly("10.5.0.9");
    }

    @Test
    void swarm_is_counted_however_it_asks() throws Exception {
        var pool = served.pool(GLOBAL, "10.5.0.0/24", null);
        inThreads(() -> {
            for (int i = 0; i < 10; i++) {
                served.name(pool, "10.5.0.9");
                served.name(pool, "10.5.0.9");
                served.release(pool, "10.5.0.9");
            }
            return served.gateway(pool);
        });
        assertThat(served.registry.address(pool, address("10.5.0.9")))
                .get()
                .extracting("holders")
                .isEqualTo(160);
        assertThat(served.registry.address(pool, address("10.5.0.1")))
                .get()
                .extracting("holders")
                .isEqualTo(16);
        assertThat(served.registry.addressesOf(pool)).hasSize(2);
    }

    @Test
    void every_network_gets_a_subnet_of_its_own() throws Exception {
        var pools = inThreads(() -> served.chosenPool(LOCAL, false, "prefix_length=27"));
        assertThat(pools).doesNotHaveDuplicates().hasSize(THREADS);
        assertThat(served.registry.pools()).hasSize(THREADS);
    }

    @Test
    void pools_come_and_go_under_those_who_ask_for_addresses() throws Exception {
        var pool = "weft-local/10.5.0.0/24";
        inThreads(() -> {
            for (int i = 0; i < 30; i++) {
                try {
                    served.pool("10.5.0.0/24");
                    served.choose(pool);
                } catch (Refusal isInUseOrGone) {
                    assertThat(isInUseOrGone.getMessage()).containsAnyOf("is not known", "is given already");
                }
                served.ipam.releasePool(pool);
            }
            return pool;
        });
        served.ipam.beginLook();
        served.ipam.collectPool(pool);
        assertThat(served.registry.pools()).isEmpty();
        assertThat(served.registry.addressesOf(pool)).isEmpty();
        assertThat(served.ipam.use()).isEmpty();
    }

    /// The first commit waits until the second call has chosen: one that held the pool meanwhile would wait for ever.
    @Test
    void calls_of_one_pool_are_written_together() throws Exception {
        var pool = served.pool("10.5.0.0/24");
        var bothHaveChosen = new CountDownLatch(1);
        var watch = served.registry.watch(changes -> {
            try {
                bothHaveChosen.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        try (var threads = Executors.newFixedThreadPool(2)) {
            var first = threads.submit(() -> served.choose(pool));
            var second = threads.submit(() -> served.choose(pool));
            while (served.ipam.use().getFirst().given() < 2) {
                Thread.onSpinWait();
            }
            bothHaveChosen.countDown();
            assertThat(List.of(first.get(), second.get())).containsExactlyInAnyOrder("10.5.0.1/24", "10.5.0.2/24");
        }
        watch.run();
    }
}
