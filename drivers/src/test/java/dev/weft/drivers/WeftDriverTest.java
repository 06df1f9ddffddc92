package dev.weft.drivers;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.plan.ScriptedKernel;
import dev.weft.drivers.plan.Step;
import dev.weft.drivers.vxlan.VxlanModes;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.Refusal;
import dev.weft.state.PoolRecord;
import dev.weft.state.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WeftDriverTest {
    private static final String NETWORK = "5a3f0c2b9d1e4f60718293a4b5c6d7e8f90123456789abcdef0123456789abcd";
    private static final EndpointKey ENDPOINT =
            new EndpointKey(NETWORK, "77e1d0c3b2a190807060504030201000ffeeddccbbaa99887766554433221100");
    private static final EndpointKey OTHER =
            new EndpointKey(NETWORK, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    private static final String VETH = "ip link add veth-77e1d0c3b2 mtu 1450 alias 'weft endpoint"
            + " 77e1d0c3b2a190807060504030201000ffeeddccbbaa99887766554433221100' type veth peer weft-77e1d0c3b2 address"
            + " 02:42:0a:01:00:02 mtu 1450 netns host";
    private static final String SANDBOX = "/var/run/docker/netns/0123456789ab";

    @TempDir
    Path folder;

    private final ScriptedKernel kernel = new ScriptedKernel();
    private Registry registry;
    private WeftDriver driver;

    @BeforeEach
    void start() {
        registry = Registry.open(folder);
        driver = new WeftDriver(
                registry,
                kernel,
                VxlanModes.alone(),
                Neighbors.NONE,
                AddressClaims.NONE,
                new Random(42),
                () -> Instant.EPOCH);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private void restart() {
        stop();
        start();
    }

    private static CreateNetworkRequest network(Map<String, String> options) {
        var pool = new IpamData("LocalDefault", Subnet.parse("10.1.0.0/16"), Cidr.parse("10.1.0.1/16"), Map.of());
        return new CreateNetworkRequest(NETWORK, options, false, true, false, List.of(pool), List.of());
    }

    private static CreateEndpointRequest endpoint(EndpointKey key, String address, @Nullable String mac) {
        return new CreateEndpointRequest(
                key, Cidr.parse(address), null, mac == null ? null : MacAddress.parse(mac), EndpointOptions.NONE);
    }

    private static JoinRequest join(EndpointKey key) {
        return new JoinRequest(key, SANDBOX, EndpointOptions.NONE);
    }

    private void createAndJoin() {
        driver.createNetwork(network(Map.of()));
        driver.createEndpoint(endpoint(ENDPOINT, "10.1.0.2/16", null));
        driver.join(join(ENDPOINT));
    }

    private String inForce() {
        return kernel.inForce.stream().map(Step::toString).collect(joining("\n", "", "\n"));
    }

    private static String golden(String name) throws IOException {
        try (var file = WeftDriverTest.class.getResourceAsStream("/plans/" + name)) {
            return new String(file.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_network_is_a_bridge() throws IOException {
        driver.createNetwork(network(Map.of("mode", "vxlan")));
        assertThat(inForce()).isEqualTo(golden("vxlan-network.txt"));
    }

    @Test
    void a_joined_endpoint_is_a_pair_of_links_with_its_port_on_the_bridge() throws IOException {
        createAndJoin();
        assertThat(inForce()).isEqualTo(golden("vxlan-join.txt"));
    }

    @Test
    void the_reply_to_a_join_names_the_link_and_no_gateway() {
        driver.createNetwork(network(Map.of()));
        driver.createEndpoint(endpoint(ENDPOINT, "10.1.0.2/16", null));
        assertThat(driver.join(join(ENDPOINT)))
                .isEqualTo(new JoinReply("weft-77e1d0c3b2", "eth", null, null, null, List.of(), false));
    }

    @Test
    void a_chosen_MAC_follows_the_address_and_a_given_one_is_kept_and_not_repeated() {
        driver.createNetwork(network(Map.of()));
        assertThat(driver.createEndpoint(endpoint(ENDPOINT, "10.1.0.2/16", null)))
                .isEqualTo(CreateEndpointReply.mac(MacAddress.parse("02:42:0a:01:00:02")));
        assertThat(driver.createEndpoint(endpoint(OTHER, "10.1.0.3/16", "02:00:00:00:00:77")))
                .isEqualTo(CreateEndpointReply.UNCHANGED);
        driver.join(join(OTHER));
        assertThat(inForce()).contains("address 02:00:00:00:00:77");
    }

    @Test
    void a_MAC_for_groups_or_of_zeros_is_refused() {
        driver.createNetwork(network(Map.of()));
        assertThatThrownBy(() -> driver.createEndpoint(endpoint(ENDPOINT, "10.1.0.2/16", "01:00:5e:00:00:01")))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("MAC address 01:00:5e:00:00:01 cannot be a container's");
        assertThatThrownBy(() -> driver.createEndpoint(endpoint(ENDPOINT, "10.1.0.2/16", "00:00:00:00:00:00")))
                .hasMessageStartingWith("MAC address 00:00:00:00:00:00 cannot be a container's");
        assertThat(registry.endpointsOf(NETWORK)).isEmpty();
    }

    @Test
    void an_unknown_driver_opt_is_refused_and_the_engines_own_are_not() {
        driver.createNetwork(network(Map.of()));
        var mistyped = new EndpointOptions(List.of(), List.of(), List.of(), Map.of("speed", "fast"), Map.of());
        assertThatThrownBy(() -> driver.createEndpoint(
                        new CreateEndpointRequest(ENDPOINT, Cidr.parse("10.1.0.2/16"), null, null, mistyped)))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot connect the container: unknown option 'speed'; known:"
                        + " com.docker.network.endpoint.ifname, egress_rate, ingress_rate.");
        var engines = Map.of("com.docker.network.endpoint.ifname", "lan0");
        driver.createEndpoint(new CreateEndpointRequest(
                ENDPOINT,
                Cidr.parse("10.1.0.2/16"),
                null,
                null,
                new EndpointOptions(List.of(), List.of(), List.of(), engines, Map.of())));
        assertThat(registry.endpointsOf(NETWORK)).hasSize(1);
    }

    @Test
    void everything_may_come_twice() {
        createAndJoin();
        var once = List.copyOf(kernel.log);
        createAndJoin();
        assertThat(kernel.log).isEqualTo(once);
        assertThat(registry.endpointsOf(NETWORK)).hasSize(1).allMatch(endpoint -> endpoint.joined());
    }

    @Test
    void an_endpoint_without_addresses_keeps_its_random_MAC_when_it_is_created_again() {
        driver.createNetwork(network(Map.of()));
        var request = new CreateEndpointRequest(ENDPOINT, null, null, null, EndpointOptions.NONE);
        var first = driver.createEndpoint(request);
        assertThat(driver.createEndpoint(request)).isEqualTo(first);
    }

    @Test
    void leaving_and_deleting_undo_the_join_and_keep_the_network() throws IOException {
        createAndJoin();
        driver.leave(ENDPOINT);
        assertThat(inForce()).isEqualTo(golden("vxlan-network.txt"));
        driver.deleteEndpoint(ENDPOINT);
        assertThat(registry.endpointsOf(NETWORK)).isEmpty();
    }

    @Test
    void deleting_an_endpoint_undoes_a_join_that_had_no_leave() throws IOException {
        createAndJoin();
        driver.deleteEndpoint(ENDPOINT);
        assertThat(inForce()).isEqualTo(golden("vxlan-network.txt"));
    }

    @Test
    void deletes_of_what_is_not_known_succeed() {
        driver.leave(ENDPOINT);
        driver.deleteEndpoint(ENDPOINT);
        driver.deleteNetwork(NETWORK);
        assertThat(kernel.log).isEmpty();
    }

    @Test
    void a_network_takes_along_the_endpoints_whose_deletes_were_lost() {
        createAndJoin();
        driver.deleteNetwork(NETWORK);
        assertThat(kernel.inForce).isEmpty();
        assertThat(registry.networks()).isEmpty();
    }

    @Test
    void a_pool_of_Wefts_own_is_the_networks_and_no_other_networks() {
        var subnet = Subnet.parse("10.1.0.0/16");
        registry.put(new PoolRecord("LocalDefault", subnet, subnet, null, Map.of()));
        driver.createNetwork(network(Map.of()));
        assertThat(registry.pools()).extracting(PoolRecord::networkId).containsExactly(NETWORK);
        var pool = new IpamData("LocalDefault", subnet, Cidr.parse("10.1.0.1/16"), Map.of());
        assertThatThrownBy(() -> driver.createNetwork(
                        new CreateNetworkRequest("n2", Map.of(), false, true, false, List.of(pool), List.of())))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot create the network: subnet 10.1.0.0/16 is that of network " + NETWORK
                        + "; choose another with --subnet.");
    }

    @Test
    void of_two_networks_that_are_created_at_once_with_one_pool_one_is_refused() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 30; round++) {
                var subnet = Subnet.parse("10." + round + ".0.0/16");
                registry.put(new PoolRecord("LocalDefault", subnet, subnet, null, Map.of()));
                var data = List.of(new IpamData("LocalDefault", subnet, null, Map.of()));
                var both = Stream.of("a" + round, "b" + round)
                        .map(id -> new CreateNetworkRequest(id, Map.of(), false, true, false, data, List.of()))
                        .map(request -> threads.submit(() -> driver.createNetwork(request)))
                        .toList();
                for (var one : both) {
                    try {
                        one.get();
                    } catch (ExecutionException refusal) {
                        assertThat(refusal).cause().isInstanceOf(Refusal.class);
                    }
                }
                assertThat(registry.networks()).hasSize(round + 1);
            }
        }
    }

    /// Engines release a pool before they delete its network: one that is still there was released while nobody heard.
    @Test
    void a_pool_that_is_there_when_its_network_goes_is_seen_to_be_of_one_that_is_gone() {
        var subnet = Subnet.parse("10.1.0.0/16");
        registry.put(new PoolRecord("LocalDefault", subnet, subnet, null, Map.of()));
        driver.createNetwork(network(Map.of()));
        driver.deleteNetwork(NETWORK);
        assertThat(registry.pools()).containsExactly(new PoolRecord("LocalDefault", subnet, subnet, NETWORK, Map.of()));
    }

    /// The engine releases it next.
    @Test
    void a_pool_is_nobodys_when_its_network_could_not_be_made() {
        var subnet = Subnet.parse("10.1.0.0/16");
        registry.put(new PoolRecord("LocalDefault", subnet, subnet, null, Map.of()));
        kernel.failOn(Step.CreateBridge.class::isInstance);
        assertThatThrownBy(() -> driver.createNetwork(network(Map.of()))).isInstanceOf(Refusal.class);
        assertThat(registry.pools()).containsExactly(new PoolRecord("LocalDefault", subnet, subnet, null, Map.of()));
    }

    @Test
    void a_network_that_cannot_be_made_is_forgotten() {
        kernel.failOn(Step.CreateBridge.class::isInstance);
        assertThatThrownBy(() -> driver.createNetwork(network(Map.of())))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot create network " + NETWORK + ": link x refuses CreateBridge.");
        assertThat(registry.networks()).isEmpty();
    }

    @Test
    void a_join_that_fails_leaves_nothing_and_can_be_tried_again() throws IOException {
        driver.createNetwork(network(Map.of()));
        driver.createEndpoint(endpoint(ENDPOINT, "10.1.0.2/16", null));
        kernel.failOn(Step.AttachPort.class::isInstance);
        assertThatThrownBy(() -> driver.join(join(ENDPOINT))).isInstanceOf(Refusal.class);
        assertThat(inForce()).isEqualTo(golden("vxlan-network.txt"));
        assertThat(registry.endpoint(ENDPOINT.endpointId()))
                .hasValueSatisfying(known -> assertThat(known.joined()).isFalse());
        kernel.failOn(step -> false);
        driver.join(join(ENDPOINT));
        assertThat(inForce()).isEqualTo(golden("vxlan-join.txt"));
    }

    @Test
    void a_join_whose_link_an_engine_has_moved_away_gets_a_new_one() {
        createAndJoin();
        kernel.moveLinks(true);
        kernel.log.clear();
        driver.join(join(ENDPOINT));
        assertThat(kernel.log)
                .containsExactly(
                        "undo bridge fdb replace 02:42:0a:01:00:02 dev veth-77e1d0c3b2 master static",
                        "undo ip link set veth-77e1d0c3b2 up mtu 1450 master br-5a3f0c2b9d1e",
                        "undo " + VETH,
                        "apply " + VETH,
                        "apply ip link set veth-77e1d0c3b2 up mtu 1450 master br-5a3f0c2b9d1e",
                        "apply bridge fdb replace 02:42:0a:01:00:02 dev veth-77e1d0c3b2 master static");
        assertThat(kernel.hostHas("weft-77e1d0c3b2")).isTrue();
    }

    @Test
    void calls_for_networks_and_endpoints_that_are_not_known_say_what_to_do() {
        assertThatThrownBy(() -> driver.createEndpoint(endpoint(ENDPOINT, "10.1.0.2/16", null)))
                .hasMessage("network " + NETWORK + " is not known to this agent, whose state may have been lost;"
                        + " run 'weft state rebuild', or remove the network and create it again.");
        driver.createNetwork(network(Map.of()));
        assertThatThrownBy(() -> driver.join(join(ENDPOINT)))
                .hasMessage("endpoint " + ENDPOINT.endpointId()
                        + " is not known to this agent; start the container again.");
    }

    @Test
    void an_unknown_mode_is_refused_with_the_known_ones() {
        assertThatThrownBy(() -> driver.createNetwork(network(Map.of("mode", "macvlann"))))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot create the network: unknown mode 'macvlann'; known: vxlan.");
    }

    @Test
    void after_a_restart_everything_is_known_and_in_place() {
        createAndJoin();
        var before = List.copyOf(kernel.log);
        restart();
        assertThat(driver.reconcile()).isEqualTo(new Reconciliation(List.of(), List.of(), List.of(), Set.of()));
        assertThat(kernel.log).isEqualTo(before);
        driver.leave(ENDPOINT);
        driver.deleteEndpoint(ENDPOINT);
        driver.deleteNetwork(NETWORK);
        assertThat(kernel.inForce).isEmpty();
    }

    @Test
    void a_bridge_and_a_port_that_are_gone_are_mended_and_told() {
        createAndJoin();
        var lost = List.copyOf(kernel.inForce);
        kernel.lose(lost.get(0));
        kernel.lose(lost.get(2));
        assertThat(driver.reconcile().repairs()).containsExactly(lost.get(0), lost.get(2));
        assertThat(kernel.inForce).containsExactlyInAnyOrderElementsOf(lost);
    }

    @Test
    void a_join_to_a_lost_bridge_brings_back_the_other_endpoints_too() {
        createAndJoin();
        var lost = List.copyOf(kernel.inForce);
        kernel.lose(lost.get(0));
        kernel.lose(lost.get(2));
        driver.createEndpoint(endpoint(OTHER, "10.1.0.3/16", null));
        driver.join(join(OTHER));
        assertThat(kernel.inForce).containsAll(lost);
    }

    @Test
    void what_cannot_be_mended_is_told_and_does_not_stop_the_rest() {
        createAndJoin();
        driver.createEndpoint(endpoint(OTHER, "10.1.0.3/16", null));
        driver.join(join(OTHER));
        var all = List.copyOf(kernel.inForce);
        all.stream().filter(Step.AttachPort.class::isInstance).forEach(kernel::lose);
        kernel.failOn(
                step -> step instanceof Step.AttachPort port && port.port().equals("veth-77e1d0c3b2"));
        var outcome = driver.reconcile();
        assertThat(outcome.problems()).containsExactly("network " + NETWORK + ": link x refuses AttachPort.");
        assertThat(outcome.repairs()).hasSize(1).allMatch(all::contains);
    }

    @Test
    void links_of_an_endpoint_that_is_known_to_have_left_are_removed() throws IOException {
        createAndJoin();
        kernel.stickOn(Step.CreateVeth.class::isInstance);
        assertThatThrownBy(() -> driver.leave(ENDPOINT)).isInstanceOf(Refusal.class);
        kernel.stickOn(step -> false);
        assertThat(driver.reconcile().removed())
                .containsExactly("weft endpoint 77e1d0c3b2a190807060504030201000ffeeddccbbaa99887766554433221100");
        assertThat(inForce()).isEqualTo(golden("vxlan-network.txt"));
    }

    @Test
    void links_that_are_of_no_network_on_record_are_told_and_left_alone() {
        createAndJoin();
        kernel.strayAliases.add("weft endpoint 99");
        var outcome = driver.reconcile();
        assertThat(outcome.strangers()).containsExactly("weft endpoint 99");
        assertThat(outcome.removed()).isEmpty();
        assertThat(kernel.strayAliases).containsExactly("weft endpoint 99");
    }

    @Test
    void a_lost_state_removes_nothing() throws IOException {
        createAndJoin();
        var before = inForce();
        registry.close();
        registry = Registry.open(folder.resolve("new"));
        driver = new WeftDriver(
                registry,
                kernel,
                VxlanModes.alone(),
                Neighbors.NONE,
                AddressClaims.NONE,
                new Random(42),
                () -> Instant.EPOCH);
        assertThat(driver.reconcile().strangers())
                .containsExactlyInAnyOrder("weft network " + NETWORK, "weft endpoint " + ENDPOINT.endpointId());
        assertThat(inForce()).isEqualTo(before);
    }

    @Test
    void a_failing_join_does_not_take_the_bridge_from_others_that_it_has_mended() {
        createAndJoin();
        var bridge = kernel.inForce.stream().findFirst().orElseThrow();
        kernel.damage(bridge);
        driver.createEndpoint(endpoint(OTHER, "10.1.0.3/16", null));
        kernel.failOn(
                step -> step instanceof Step.CreateVeth veth && veth.port().equals("veth-0123456789"));
        assertThatThrownBy(() -> driver.join(join(OTHER))).isInstanceOf(Refusal.class);
        assertThat(kernel.inForce).contains(bridge);
    }

    @Test
    void ids_that_cannot_be_in_a_links_name_are_refused() {
        var pool = new IpamData("LocalDefault", Subnet.parse("10.1.0.0/16"), null, Map.of());
        assertThatThrownBy(() -> driver.createNetwork(
                        new CreateNetworkRequest("a/b", Map.of(), false, true, false, List.of(pool), List.of())))
                .isInstanceOf(Refusal.class)
                .hasMessage("'a/b' is no id of a network or endpoint: those have 1 to 64 letters and digits.");
        driver.createNetwork(network(Map.of()));
        assertThatThrownBy(() -> driver.createEndpoint(endpoint(new EndpointKey(NETWORK, "../e"), "10.1.0.2/16", null)))
                .hasMessageStartingWith("'../e' is no id");
    }

    @Test
    void an_id_that_is_none_is_refused_by_every_call_and_not_repeated_in_full() {
        var odd = new EndpointKey("e".repeat(10_000), "e");
        List<Runnable> calls = List.of(
                () -> driver.deleteNetwork(odd.networkId()),
                () -> driver.createEndpoint(endpoint(odd, "10.1.0.2/16", null)),
                () -> driver.deleteEndpoint(odd),
                () -> driver.endpointOperInfo(odd),
                () -> driver.join(join(odd)),
                () -> driver.leave(odd));
        assertThat(calls)
                .allSatisfy(call -> assertThatThrownBy(call::run)
                        .isInstanceOf(Refusal.class)
                        .hasMessage("'" + "e".repeat(64) + "…' (10000 characters) is no id of a network or endpoint:"
                                + " those have 1 to 64 letters and digits."));
    }

    @Test
    void a_network_that_exists_otherwise_is_left_as_it_is_and_the_differences_are_told() {
        driver.createNetwork(network(Map.of()));
        var before = registry.network(NETWORK);
        var pool = new IpamData("LocalDefault", Subnet.parse("10.2.0.0/16"), null, Map.of());
        assertThatThrownBy(() -> driver.createNetwork(new CreateNetworkRequest(
                        NETWORK, Map.of("mode", "vxlan"), true, true, false, List.of(pool), List.of())))
                .isInstanceOf(Refusal.class)
                .hasMessage("network " + NETWORK + " exists already, and otherwise: options '{}', not '{mode=vxlan}';"
                        + " pools '[10.1.0.0/16]', not '[10.2.0.0/16]'; gateways '[10.1.0.1/16]', not '[none]';"
                        + " internal 'false', not 'true'. Remove it first.");
        assertThat(registry.network(NETWORK)).isEqualTo(before);
    }

    @Test
    void an_endpoint_that_exists_otherwise_is_left_as_it_is_and_the_differences_are_told() {
        createAndJoin();
        var before = registry.endpoint(ENDPOINT.endpointId());
        assertThatThrownBy(() -> driver.createEndpoint(endpoint(ENDPOINT, "10.1.0.3/16", "02:00:00:00:00:01")))
                .isInstanceOf(Refusal.class)
                .hasMessage("endpoint " + ENDPOINT.endpointId() + " exists already, and otherwise: IPv4 address"
                        + " '10.1.0.2/16', not '10.1.0.3/16'; MAC address '02:42:0a:01:00:02', not"
                        + " '02:00:00:00:00:01'. Remove its container and start it again.");
        assertThat(registry.endpoint(ENDPOINT.endpointId())).isEqualTo(before);
    }

    @Test
    void an_endpoint_of_another_network_is_touched_by_no_call() throws IOException {
        createAndJoin();
        var elsewhere = new EndpointKey("another", ENDPOINT.endpointId());
        var pool = new IpamData("LocalDefault", Subnet.parse("10.2.0.0/16"), null, Map.of());
        driver.createNetwork(
                new CreateNetworkRequest("another", Map.of(), false, true, false, List.of(pool), List.of()));
        var before = inForce();
        List<Runnable> calls = List.of(
                () -> driver.createEndpoint(endpoint(elsewhere, "10.2.0.2/16", null)),
                () -> driver.deleteEndpoint(elsewhere),
                () -> driver.endpointOperInfo(elsewhere),
                () -> driver.join(join(elsewhere)),
                () -> driver.leave(elsewhere));
        assertThat(calls)
                .allSatisfy(call -> assertThatThrownBy(call::run)
                        .isInstanceOf(Refusal.class)
                        .hasMessage("endpoint " + ENDPOINT.endpointId() + " is of network " + NETWORK
                                + ", not of network another."));
        assertThat(inForce()).isEqualTo(before);
        assertThat(registry.endpoint(ENDPOINT.endpointId()))
                .hasValueSatisfying(endpoint -> assertThat(endpoint.joined()).isTrue());
    }

    @Test
    void addresses_that_are_not_the_networks_are_refused() {
        driver.createNetwork(network(Map.of()));
        assertThatThrownBy(() -> driver.createEndpoint(endpoint(ENDPOINT, "10.2.0.2/16", null)))
                .isInstanceOf(Refusal.class)
                .hasMessage("address 10.2.0.2/16 is in no pool of network " + NETWORK
                        + ", which has '10.1.0.0/16'; give an --ip of those.");
        assertThatThrownBy(() -> driver.createEndpoint(endpoint(ENDPOINT, "fd00::2/64", null)))
                .isInstanceOf(Refusal.class)
                .hasMessage("address fd00::2/64 is given where an IPv4 address belongs; the network's IPAM driver is at"
                        + " fault.");
        assertThat(registry.endpointsOf(NETWORK)).isEmpty();
    }

    @Test
    void pools_of_the_wrong_family_and_gateways_elsewhere_are_refused() {
        var ipv6 = new IpamData("LocalDefault", Subnet.parse("fd00::/64"), null, Map.of());
        assertThatThrownBy(() -> driver.createNetwork(
                        new CreateNetworkRequest(NETWORK, Map.of(), false, true, false, List.of(ipv6), List.of())))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "cannot create the network: pool fd00::/64 stands among the pools of IPv4; its IPAM driver is"
                                + " at fault.");
        var far = new IpamData("LocalDefault", Subnet.parse("10.1.0.0/16"), Cidr.parse("10.2.0.1/16"), Map.of());
        assertThatThrownBy(() -> driver.createNetwork(
                        new CreateNetworkRequest(NETWORK, Map.of(), false, true, false, List.of(far), List.of())))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "cannot create the network: gateway 10.2.0.1/16 is not in pool 10.1.0.0/16; give a --gateway"
                                + " that is.");
        assertThat(registry.networks()).isEmpty();
    }

    @Test
    void a_sandbox_that_is_no_path_is_refused() {
        driver.createNetwork(network(Map.of()));
        driver.createEndpoint(endpoint(ENDPOINT, "10.1.0.2/16", null));
        for (var sandbox : List.of("netns", "/a\0b", "/" + "a".repeat(4095))) {
            assertThatThrownBy(() -> driver.join(new JoinRequest(ENDPOINT, sandbox, EndpointOptions.NONE)))
                    .isInstanceOf(Refusal.class)
                    .hasMessage(
                            "sandbox " + Refusal.quoted(sandbox) + " is not the path of a network namespace, such as"
                                    + " /var/run/docker/netns/0123456789ab.");
        }
        assertThat(registry.endpoint(ENDPOINT.endpointId()))
                .hasValueSatisfying(endpoint -> assertThat(endpoint.joined()).isFalse());
    }

    @Test
    void a_network_that_cannot_be_removed_stays_on_record() {
        createAndJoin();
        kernel.stickOn(Step.CreateBridge.class::isInstance);
        assertThatThrownBy(() -> driver.deleteNetwork(NETWORK)).isInstanceOf(Refusal.class);
        assertThat(registry.network(NETWORK)).isPresent();
        kernel.stickOn(step -> false);
        driver.deleteNetwork(NETWORK);
        assertThat(kernel.inForce).isEmpty();
    }
}
