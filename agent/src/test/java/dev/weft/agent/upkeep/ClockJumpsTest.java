package dev.weft.agent.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.drivers.AddressClaims;
import dev.weft.drivers.WeftDriver;
import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.plan.RecordingKernel;
import dev.weft.engine.EngineInfo;
import dev.weft.engine.Ipam;
import dev.weft.engine.Network;
import dev.weft.engine.NetworkDetails;
import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.ipam.OwnBlocks;
import dev.weft.ipam.PoolRange;
import dev.weft.ipam.WeftIpam;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.Refusal;
import dev.weft.state.Registry;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The wall clock of a host may be set to any other time. What the collector removes early or late: CollectorTest.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClockJumpsTest {
    private static final String KEPT = "5a3f0c2b9d1e4f60718293a4b5c6d7e8f90123456789abcdef0123456789abcd";
    private static final String GONE = "6b3f0c2b9d1e4f60718293a4b5c6d7e8f90123456789abcdef0123456789abcd";
    private static final Duration GRACE = Duration.ofMinutes(2);
    private static final EngineInfo ENGINE =
            new EngineInfo("the-engine", "h1", "28.5.2", false, new EngineInfo.SwarmNode("inactive", "", false));

    @TempDir
    Path folder;

    private final NetworkNamespace namespace = NetworkNamespace.current();
    private final Netlink host = Netlink.open(namespace);
    private Instant wallClock = Instant.parse("2026-11-25T12:00:00Z");
    private long nanoTime = 1_000_000_000_000L;
    private Registry registry;
    private WeftDriver driver;
    private WeftIpam ipam;
    private Collector collector;

    @BeforeEach
    void start() {
        registry = Registry.open(folder);
        driver = new WeftDriver(
                registry,
                new RecordingKernel(),
                WeftDriver.modes(host, registry),
                Neighbors.NONE,
                AddressClaims.NONE,
                new Random(42),
                () -> wallClock);
        var ranges = List.of(new PoolRange(Subnet.parse("10.192.0.0/16"), 24));
        ipam = new WeftIpam(registry, ranges, List.of(), List::of, OwnBlocks.NONE, _ -> false);
        collector = new Collector(registry, driver, ipam, "weft", GRACE, () -> nanoTime);
    }

    @AfterEach
    void stop() {
        registry.close();
        host.close();
        namespace.close();
    }

    private void create(String network, String pool) {
        var data = new IpamData(WeftIpam.LOCAL, Subnet.parse(pool), null, Map.of());
        driver.createNetwork(new CreateNetworkRequest(network, Map.of(), true, true, false, List.of(data), List.of()));
    }

    private String newPool() {
        return ipam.requestPool(new PoolRequest(WeftIpam.LOCAL, null, null, Map.of(), false))
                .poolId();
    }

    private Cidr newAddress(String pool) {
        return ipam.requestAddress(new AddressRequest(pool, null, false, null, Map.of()));
    }

    private void look(Network... there) {
        var candidates = collector.candidates(Set.of());
        var view = new EngineView(
                ENGINE,
                List.of(there),
                List.of(),
                id -> List.of(there).stream()
                        .filter(network -> network.id().equals(id))
                        .findFirst()
                        .map(network -> new NetworkDetails(network, List.of())));
        assertThat(collector.collect(candidates, view)).isEmpty();
    }

    private static Network network(String id, String pool) {
        var pools = List.of(new Ipam.Pool(Subnet.parse(pool), null, null, Map.of()));
        return new Network(
                id, "mynet", "weft", "local", true, false, new Ipam("weft", Map.of(), pools), Map.of(), Map.of());
    }

    @Test
    void a_clock_that_jumps_back_neither_forgets_what_is_gone_nor_takes_it_for_there() {
        create(KEPT, "10.1.0.0/24");
        create(GONE, "10.2.0.0/24");
        driver.deleteNetwork(GONE);
        wallClock = wallClock.minus(Duration.ofDays(365));
        look(network(KEPT, "10.1.0.0/24"));
        assertThat(registry.tombstones())
                .singleElement()
                .satisfies(tombstone -> assertThat(tombstone.id()).isEqualTo(GONE));
        var late = new CreateEndpointRequest(
                new EndpointKey(GONE, KEPT), Cidr.parse("10.2.0.2/24"), null, null, EndpointOptions.NONE);
        assertThatThrownBy(() -> driver.createEndpoint(late))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("was removed by docker network rm at 2026-11-25T12:00:00Z");
        create(GONE, "10.2.0.0/24");
        assertThat(registry.network(GONE)).isPresent();
        wallClock = wallClock.plus(Duration.ofDays(365)).plus(Duration.ofDays(8));
        look(network(KEPT, "10.1.0.0/24"), network(GONE, "10.2.0.0/24"));
        assertThat(registry.network(GONE)).isPresent();
    }

    @Test
    void a_clock_that_jumps_back_gives_no_address_a_second_time_and_collects_none_that_was_just_given() {
        var pool = newPool();
        create(KEPT, pool.substring("weft-local/".length()));
        var first = newAddress(pool);
        wallClock = wallClock.minus(Duration.ofDays(365));
        var second = newAddress(pool);
        assertThat(second.address()).isNotEqualTo(first.address());
        var there = network(KEPT, pool.substring("weft-local/".length()));
        look(there);
        nanoTime += GRACE.toNanos();
        look(there);
        assertThat(given(pool)).containsExactlyInAnyOrder(first.address(), second.address());
        nanoTime += GRACE.toNanos();
        look(there);
        assertThat(given(pool)).as("no endpoint has them").isEmpty();
    }

    private List<InetAddress> given(String pool) {
        return registry.addressesOf(pool).stream()
                .map(address -> address.address())
                .toList();
    }
}
