package dev.weft.agent.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.drivers.AddressClaims;
import dev.weft.drivers.WeftDriver;
import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.plan.RecordingKernel;
import dev.weft.engine.EngineApi;
import dev.weft.engine.EngineInfo;
import dev.weft.ipam.OwnBlocks;
import dev.weft.ipam.WeftIpam;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.state.Registry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Waits for looks, which come every 50 ms.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class UpkeepTest {
    private static final Duration GRACE = Duration.ofMillis(50);

    @TempDir
    private Path folder;

    @AutoClose
    private final NetworkNamespace namespace = NetworkNamespace.current();

    @AutoClose
    private final Netlink host = Netlink.open(namespace);

    @AutoClose
    private Registry registry;

    @AutoClose
    private EngineApi api;

    private final EngineNetworks networks = new EngineNetworks();
    private Path socket;
    private WeftDriver driver;
    private Collector collector;

    @BeforeEach
    void recordTwoNetworks() {
        socket = folder.resolve("docker.sock");
        api = new EngineApi(socket);
        registry = Registry.open(folder);
        driver = new WeftDriver(
                registry,
                new RecordingKernel(),
                WeftDriver.modes(host, registry),
                Neighbors.NONE,
                AddressClaims.NONE,
                new Random(1),
                InstantSource.system());
        var ipam = new WeftIpam(registry, List.of(), List.of(), List::of, OwnBlocks.NONE, network -> false);
        collector = new Collector(registry, driver, ipam, "weft", GRACE, System::nanoTime);
        for (var id : List.of("n1", "n2")) {
            driver.createNetwork(new CreateNetworkRequest(id, Map.of(), true, true, false, List.of(), List.of()));
        }
    }

    private Upkeep start() {
        return start(Set::of);
    }

    private Upkeep start(Supplier<Set<String>> strangers) {
        var settings = new Upkeep.Settings("weft", false, GRACE, List.of());
        return Upkeep.start(api, collector, networks, strangers, List::of, settings);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(10);
        }
    }

    @Test
    void an_engine_that_comes_late_is_looked_at_and_what_it_lacks_goes() throws Exception {
        try (var upkeep = start()) {
            await(() -> upkeep.away().contains("docker.sock"));
            assertThat(upkeep.engine()).isEmpty();
            assertThat(networks).accepts("n2", "any");
            try (var engine = new ScriptedEngine(socket)) {
                engine.hasNetwork("mynet", "weft");
                await(() -> upkeep.collected() == 1);
                assertThat(upkeep.away()).isEmpty();
                assertThat(upkeep.engine().map(EngineInfo::id)).hasValue("id1");
                assertThat(registry.network("n1")).isPresent();
                assertThat(registry.network("n2")).isEmpty();
                assertThat(networks).accepts("n1").rejects("n2");
            }
            await(() -> !upkeep.away().isEmpty());
        }
    }

    @Test
    void what_a_look_finds_is_told_until_it_is_so_no_more() throws Exception {
        try (var engine = new ScriptedEngine(socket)) {
            engine.hasNetwork("mynet", "weft");
            engine.hasContainer("exited", "always", "plugin \\\"weft\\\" not found");
            try (var upkeep = start()) {
                await(() -> !upkeep.leftDown().isEmpty());
                await(() -> upkeep.problems().containsAll(upkeep.leftDown()));
                engine.hasContainer("running", "always", "");
                await(() -> upkeep.problems().isEmpty() && upkeep.leftDown().isEmpty());
            }
        }
    }

    @Test
    void a_look_that_the_engine_refuses_is_told_and_the_next_one_works() throws Exception {
        try (var engine = new ScriptedEngine(socket)) {
            engine.refuses("GET /containers/json?all=1", 500, "not today");
            try (var upkeep = start()) {
                await(() -> upkeep.problems().stream().anyMatch(problem -> problem.contains("not today")));
                assertThat(registry.networks()).hasSize(2);
                engine.hasNetwork("mynet", "weft");
                engine.has("GET /containers/json?all=1", "[]");
                await(() -> upkeep.collected() == 1);
            }
        }
    }

    @Test
    void neither_a_defect_nor_an_error_in_a_look_ends_the_looks() throws Exception {
        var failures =
                new ArrayDeque<Throwable>(List.of(new IllegalStateException("a defect"), new StackOverflowError()));
        try (var engine = new ScriptedEngine(socket)) {
            engine.hasNetwork("mynet", "weft");
            try (var upkeep = start(() -> {
                switch (failures.poll()) {
                    case RuntimeException defect -> throw defect;
                    case Error error -> throw error;
                    case null, default -> {
                        return Set.of();
                    }
                }
            })) {
                await(() -> upkeep.collected() == 1);
                assertThat(failures).isEmpty();
                await(() -> upkeep.problems().isEmpty());
            }
        }
    }

    @Test
    void another_engine_takes_nothing_until_a_person_says_that_it_is_the_right_one() throws Exception {
        try (var engine = new ScriptedEngine(socket)) {
            engine.hasNetwork("mynet", "weft");
            try (var upkeep = start()) {
                await(() -> upkeep.collected() == 1);
            }
        }
        driver.createNetwork(new CreateNetworkRequest("n3", Map.of(), true, true, false, List.of(), List.of()));
        try (var engine = new ScriptedEngine(socket)) {
            engine.has("GET /info", "{\"ID\":\"id2\",\"Name\":\"h1\",\"ServerVersion\":\"28.5.2\"}");
            engine.hasNetwork("mynet", "weft");
            try (var upkeep = start()) {
                await(() -> upkeep.problems().stream().anyMatch(problem -> problem.contains("id2")));
                assertThat(registry.network("n3")).isPresent();
                assertThat(upkeep.adopt().id()).isEqualTo("id2");
                await(() -> upkeep.collected() == 2);
                await(() -> upkeep.problems().isEmpty());
            }
        }
    }
}
