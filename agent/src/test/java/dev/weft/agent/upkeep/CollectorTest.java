package dev.weft.agent.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.drivers.AddressClaims;
import dev.weft.drivers.WeftDriver;
import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.plan.RecordingKernel;
import dev.weft.engine.Attachment;
import dev.weft.engine.Container;
import dev.weft.engine.EngineInfo;
import dev.weft.engine.Ipam;
import dev.weft.engine.Network;
import dev.weft.engine.NetworkDetails;
import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.ipam.OwnBlocks;
import dev.weft.ipam.WeftIpam;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.PoolRequest;
import dev.weft.state.EndpointRecord;
import dev.weft.state.EngineRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.PoolRecord;
import dev.weft.state.Registry;
import dev.weft.state.Tombstone;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CollectorTest {
    private static final EngineInfo ENGINE =
            new EngineInfo("id1", "h1", "28.5.2", false, new EngineInfo.SwarmNode("inactive", "", false));
    private static final Subnet SUBNET = Subnet.parse("10.5.0.0/24");
    private static final String POOL = "weft-local/10.5.0.0/24";
    private static final EndpointKey ENDPOINT = new EndpointKey("n1", "e1");

    @TempDir
    Path folder;

    private final LinksNobodyRecorded kernel = new LinksNobodyRecorded();
    private long nanos = 1;
    private Instant clock = Instant.parse("2026-11-25T03:00:00Z");
    private NetworkNamespace namespace;
    private Netlink host;
    private Registry registry;
    private WeftDriver driver;
    private WeftIpam ipam;
    private Collector collector;

    /// What a lost state leaves in the kernel.
    private static final class LinksNobodyRecorded extends RecordingKernel {
        private final Set<String> aliases = new HashSet<>();

        @Override
        public int remove(String alias) {
            return aliases.remove(alias) ? 1 : super.remove(alias);
        }

        @Override
        protected Stream<String> strays() {
            return aliases.stream();
        }
    }

    @BeforeEach
    void start() {
        namespace = NetworkNamespace.current();
        host = Netlink.open(namespace);
        registry = Registry.open(folder);
        driver = new WeftDriver(
                registry,
                kernel,
                WeftDriver.modes(host, registry),
                Neighbors.NONE,
                AddressClaims.NONE,
                new Random(1),
                () -> clock);
        ipam = new WeftIpam(registry, List.of(), List.of(), List::of, OwnBlocks.NONE, network -> false);
        collector = new Collector(registry, driver, ipam, "weft", Duration.ofSeconds(60), () -> nanos);
    }

    @AfterEach
    void stop() {
        registry.close();
        host.close();
        namespace.close();
    }

    private void create(String id) {
        driver.createNetwork(new CreateNetworkRequest(id, Map.of(), true, true, false, List.of(), List.of()));
    }

    private void createWithAddresses() {
        ipam.requestPool(new PoolRequest(WeftIpam.LOCAL, SUBNET, null, Map.of(), false));
        driver.createNetwork(new CreateNetworkRequest(
                "n1",
                Map.of(),
                true,
                true,
                false,
                List.of(new IpamData(WeftIpam.LOCAL, SUBNET, null, Map.of())),
                List.of()));
    }

    private Cidr give() {
        return ipam.requestAddress(new AddressRequest(POOL, null, false, null, Map.of()));
    }

    private void run(EndpointKey key, Cidr address) {
        driver.createEndpoint(new CreateEndpointRequest(key, address, null, null, EndpointOptions.NONE));
        driver.join(new JoinRequest(key, "/var/run/docker/netns/1", EndpointOptions.NONE));
    }

    private static Network network(String id, String name, String driver, Ipam ipam) {
        return new Network(id, name, driver, "local", true, false, ipam, Map.of(), Map.of());
    }

    private static Network weft(String id) {
        return network(id, "name-of-" + id, "weft", Ipam.DEFAULT);
    }

    private static Network withPool(String id, String driver) {
        var aux = Map.of("router", InetAddress.ofLiteral("10.5.0.9"));
        return network(
                id, "mynet", driver, new Ipam("weft", Map.of(), List.of(new Ipam.Pool(SUBNET, null, null, aux))));
    }

    private static Container running(String name, String network, String endpoint, String address) {
        var attachment =
                new Attachment(network, endpoint, InetAddress.ofLiteral(address), null, null, List.of(), Map.of());
        return new Container("c", List.of(name), "running", "Up", Map.of(), Map.of("mynet", attachment));
    }

    private List<String> look(EngineInfo engine, List<Network> networks, List<Container> containers) {
        return look(engine, networks, containers, id -> Optional.empty());
    }

    private List<String> look(
            EngineInfo engine,
            List<Network> networks,
            List<Container> containers,
            Function<String, Optional<NetworkDetails>> details) {
        var candidates = collector.candidates(driver.reconcile().strangers());
        return collector.collect(candidates, new EngineView(engine, networks, containers, details));
    }

    private void later(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }

    private List<String> recorded() {
        return registry.networks().stream().map(NetworkRecord::id).sorted().toList();
    }

    @Test
    void a_network_that_the_engine_lacks_goes_after_the_grace_period_and_leaves_a_tombstone() {
        create("n1");
        create("n2");
        look(ENGINE, List.of(weft("n1"), weft("n2")), List.of());
        look(ENGINE, List.of(weft("n2")), List.of());
        later(59);
        look(ENGINE, List.of(weft("n2")), List.of());
        assertThat(recorded()).containsExactly("n1", "n2");
        later(1);
        look(ENGINE, List.of(weft("n2")), List.of());
        assertThat(recorded()).containsExactly("n2");
        assertThat(registry.tombstone(Tombstone.Kind.NETWORK, "n1"))
                .contains(new Tombstone(
                        Tombstone.Kind.NETWORK,
                        "n1",
                        "name-of-n1",
                        "because the engine no longer had it",
                        Instant.parse("2026-11-25T03:00:00Z")));
        assertThat(collector.collected()).isEqualTo(1);
    }

    @Test
    void one_that_is_there_in_between_begins_anew() {
        create("n1");
        create("n2");
        look(ENGINE, List.of(weft("n2")), List.of());
        later(40);
        look(ENGINE, List.of(weft("n1"), weft("n2")), List.of());
        later(40);
        look(ENGINE, List.of(weft("n2")), List.of());
        assertThat(recorded()).containsExactly("n1", "n2");
    }

    @Test
    void another_engine_loses_nothing_until_a_person_adopts_it() {
        create("n1");
        create("n2");
        look(ENGINE, List.of(weft("n1"), weft("n2")), List.of());
        var other = new EngineInfo("id2", "h1", "28.5.2", false, ENGINE.swarm());
        assertThat(look(other, List.of(weft("n2")), List.of()))
                .containsExactly("the engine is another one than that whose networks are on record (its id is id2, not"
                        + " id1), so nothing is removed. If that is right, run 'weft engine adopt'.");
        later(600);
        look(other, List.of(weft("n2")), List.of());
        assertThat(recorded()).containsExactly("n1", "n2");
        collector.adopt(new EngineRecord("id2", "h1", "28.5.2"));
        look(other, List.of(weft("n2")), List.of());
        later(60);
        assertThat(look(other, List.of(weft("n2")), List.of())).isEmpty();
        assertThat(recorded()).containsExactly("n2");
    }

    @Test
    void an_engine_without_networks_where_there_were_many_loses_nothing_until_a_person_adopts_it() {
        create("n1");
        create("n2");
        assertThat(look(ENGINE, List.of(), List.of()))
                .as("at the first look ever")
                .hasSize(1);
        look(ENGINE, List.of(weft("n1"), weft("n2")), List.of());
        later(600);
        assertThat(look(ENGINE, List.of(), List.of()))
                .containsExactly("the engine has none of the 2 networks on record, so it may have lost its own state,"
                        + " and nothing is removed. If they are to go, run 'weft engine adopt'.");
        later(600);
        look(ENGINE, List.of(), List.of());
        assertThat(recorded()).containsExactly("n1", "n2");
        collector.adopt(new EngineRecord("id1", "h1", "28.5.2"));
        look(ENGINE, List.of(), List.of());
        later(60);
        look(ENGINE, List.of(), List.of());
        assertThat(recorded()).isEmpty();
    }

    @Test
    void an_endpoint_that_the_engine_lacks_goes_with_its_links() {
        create("n1");
        run(ENDPOINT, null);
        look(ENGINE, List.of(weft("n1")), List.of());
        later(60);
        look(ENGINE, List.of(weft("n1")), List.of());
        assertThat(registry.endpoints()).isEmpty();
        assertThat(kernel.inForce()).hasSize(1); // the bridge
    }

    @Test
    void an_endpoint_of_a_container_that_is_just_starting_stays() {
        create("n1");
        run(ENDPOINT, null);
        var starting = new NetworkDetails.Attached("e1", null, "one", null, null, null);
        Function<String, Optional<NetworkDetails>> details =
                id -> Optional.of(new NetworkDetails(weft("n1"), List.of(starting)));
        look(ENGINE, List.of(weft("n1")), List.of(), details);
        later(600);
        look(ENGINE, List.of(weft("n1")), List.of(), details);
        assertThat(registry.endpoints()).hasSize(1);
    }

    @Test
    void an_endpoint_that_only_a_container_shows_whose_start_failed_goes() {
        create("n1");
        run(ENDPOINT, null);
        var failed = new Container(
                "c",
                List.of("one"),
                "exited",
                "Exited (128)",
                Map.of(),
                Map.of("mynet", new Attachment("n1", "e1", null, null, null, List.of(), Map.of())));
        look(ENGINE, List.of(weft("n1")), List.of(failed));
        later(60);
        look(ENGINE, List.of(weft("n1")), List.of(failed));
        assertThat(registry.endpoints()).isEmpty();
    }

    @Test
    void names_of_networks_and_containers_are_learned() {
        createWithAddresses();
        run(ENDPOINT, give());
        look(ENGINE, List.of(withPool("n1", "weft")), List.of(running("web", "n1", "e1", "10.5.0.1")));
        assertThat(registry.network("n1").map(NetworkRecord::name)).contains("mynet");
        assertThat(registry.endpoint("e1").map(EndpointRecord::container)).contains("web");
    }

    @Test
    void addresses_that_nobody_has_are_taken_back_and_those_of_containers_and_auxiliary_ones_stay() {
        createWithAddresses();
        run(ENDPOINT, give());
        give(); // its container never came
        ipam.requestAddress(new AddressRequest(POOL, InetAddress.ofLiteral("10.5.0.9"), false, null, Map.of()));
        var networks = List.of(withPool("n1", "weft"));
        var containers = List.of(running("web", "n1", "e1", "10.5.0.1"));
        later(60);
        look(ENGINE, networks, containers);
        assertThat(registry.addressesOf(POOL)).hasSize(3);
        later(60);
        look(ENGINE, networks, containers);
        assertThat(registry.addressesOf(POOL).stream()
                        .map(given -> given.address().getHostAddress())
                        .sorted())
                .containsExactly("10.5.0.1", "10.5.0.9");
    }

    @Test
    void a_pool_that_no_network_has_is_taken_back() {
        create("n2");
        ipam.requestPool(new PoolRequest(WeftIpam.LOCAL, SUBNET, null, Map.of(), false));
        give();
        look(ENGINE, List.of(weft("n2")), List.of());
        later(60);
        look(ENGINE, List.of(weft("n2")), List.of());
        assertThat(registry.pools()).isEmpty();
        assertThat(registry.addressesOf(POOL)).isEmpty();
    }

    @Test
    void a_pool_of_another_drivers_network_is_bound_to_it_and_stays() {
        ipam.requestPool(new PoolRequest(WeftIpam.LOCAL, SUBNET, null, Map.of(), false));
        look(ENGINE, List.of(withPool("bridge1", "bridge")), List.of());
        later(600);
        look(ENGINE, List.of(withPool("bridge1", "bridge")), List.of());
        assertThat(registry.pools()).extracting(PoolRecord::networkId).containsExactly("bridge1");
    }

    @Test
    void pools_of_the_swarm_are_a_managers_to_judge() {
        ipam.requestPool(new PoolRequest(WeftIpam.GLOBAL, SUBNET, null, Map.of(), false));
        look(ENGINE, List.of(), List.of());
        later(600);
        look(ENGINE, List.of(), List.of());
        assertThat(registry.pools()).hasSize(1);
        var manager = new EngineInfo("id1", "h1", "28.5.2", false, new EngineInfo.SwarmNode("active", "x", true));
        look(manager, List.of(), List.of());
        later(60);
        look(manager, List.of(), List.of());
        assertThat(registry.pools()).isEmpty();
    }

    @Test
    void links_of_ours_that_neither_the_record_nor_the_engine_has_go_and_others_stay() {
        create("n1");
        kernel.aliases.addAll(Set.of("weft endpoint e7", "weft network n7", "weft endpoint e8"));
        var networks = List.of(weft("n1"), weft("n7"));
        var containers = List.of(running("web", "n1", "e8", "10.5.0.1"));
        look(ENGINE, networks, containers);
        assertThat(kernel.aliases).hasSize(3);
        later(60);
        look(ENGINE, networks, containers);
        assertThat(kernel.aliases).containsExactlyInAnyOrder("weft network n7", "weft endpoint e8");
    }

    @Test
    void a_pool_that_is_asked_for_again_while_the_engine_is_looked_at_stays() {
        ipam.requestPool(new PoolRequest(WeftIpam.LOCAL, SUBNET, null, Map.of(), false));
        registry.put(registry.pool(POOL).orElseThrow().usedBy("gone"));
        look(ENGINE, List.of(weft("n1")), List.of());
        later(60);
        var candidates = collector.candidates(Set.of());
        ipam.requestPool(new PoolRequest(WeftIpam.LOCAL, SUBNET, null, Map.of(), false));
        var view = new EngineView(ENGINE, List.of(weft("n1")), List.of(), id -> Optional.empty());
        assertThat(collector.collect(candidates, view)).isEmpty();
        assertThat(registry.pool(POOL)).isPresent();
        assertThat(give()).isEqualTo(Cidr.parse("10.5.0.1/24"));
    }

    @Test
    void an_address_that_the_engine_has_and_no_record_has_is_not_given_to_another() {
        createWithAddresses();
        var networks = List.of(withPool("n1", "weft"));
        var web = List.of(running("web", "n1", "e1", "10.5.0.1"));
        look(ENGINE, networks, web);
        assertThat(collector.isInDoubt()).isTrue();
        look(ENGINE, networks, web);
        assertThat(collector.isInDoubt()).isFalse();
        assertThat(give()).isEqualTo(Cidr.parse("10.5.0.2/24"));
    }

    @Test
    void of_another_engine_no_second_look_is_wanted() {
        createWithAddresses();
        var networks = List.of(withPool("n1", "weft"));
        var web = List.of(running("web", "n1", "e1", "10.5.0.1"));
        look(ENGINE, networks, web);
        assertThat(collector.isInDoubt()).isTrue();
        var other = new EngineInfo("id2", "h1", "28.5.2", false, new EngineInfo.SwarmNode("inactive", "", false));
        assertThat(look(other, networks, web)).hasSize(1);
        assertThat(collector.isInDoubt()).isFalse();
    }

    @Test
    void an_address_that_was_released_while_the_engine_was_looked_at_is_free() {
        createWithAddresses();
        var networks = List.of(withPool("n1", "weft"));
        look(ENGINE, networks, List.of(running("web", "n1", "e1", "10.5.0.1")));
        look(ENGINE, networks, List.of());
        look(ENGINE, networks, List.of(running("web", "n1", "e1", "10.5.0.1")));
        assertThat(give()).isEqualTo(Cidr.parse("10.5.0.1/24"));
    }

    @Test
    void addresses_that_come_and_go_while_the_engine_is_looked_at_are_free_afterwards() {
        createWithAddresses();
        var networks = List.of(withPool("n1", "weft"));
        for (int i = 0; i < 3; i++) {
            var address = give();
            var candidates = collector.candidates(Set.of());
            ipam.releaseAddress(new AddressKey(POOL, address.address()));
            var late = running("web", "n1", "e1", address.toString().replaceFirst("/.*", ""));
            collector.collect(candidates, new EngineView(ENGINE, networks, List.of(late), id -> Optional.empty()));
            assertThat(collector.isInDoubt()).isFalse();
        }
        assertThat(registry.addressesOf(POOL)).isEmpty();
    }

    @Test
    void what_a_person_said_of_an_engine_without_networks_counts_until_it_has_some() {
        create("n1");
        create("n2");
        look(ENGINE, List.of(weft("n1"), weft("n2")), List.of());
        collector.adopt(new EngineRecord("id1", "h1", "28.5.2"));
        look(ENGINE, List.of(weft("n1"), weft("n2")), List.of());
        look(ENGINE, List.of(), List.of());
        later(60);
        assertThat(look(ENGINE, List.of(), List.of())).hasSize(1);
        assertThat(recorded()).containsExactly("n1", "n2");
    }
}
