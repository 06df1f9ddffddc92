package dev.weft.drivers;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.drivers.lan.LanModes;
import dev.weft.drivers.neighbors.Conflict;
import dev.weft.drivers.neighbors.Sighting;
import dev.weft.drivers.plan.Step;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.Refusal;
import dev.weft.state.EndpointRecord;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Networks whose containers are on a LAN, over a scripted kernel.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LanDriverTest {
    private static final String VLAN =
            "ip -netns host link add link eth0 name eth0.20 up alias 'weft vlan eth0.20' type" + " vlan id 20\n";
    private static final EndpointKey ONE = new EndpointKey("n1", "e1");

    @TempDir
    Path folder;

    private final HeardNeighbors neighbors = new HeardNeighbors();
    private TestDriver test;

    @BeforeEach
    void start() {
        test = new TestDriver(folder, LanModes.both(), neighbors);
    }

    @AfterEach
    void stop() {
        test.close();
    }

    private static CreateNetworkRequest network(String id, String mode, String... options) {
        var raw = new TreeMap<>(Map.of("mode", mode));
        for (var option : options) {
            raw.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
        var pool = new IpamData(
                "LocalDefault",
                Subnet.parse("10.1.0.0/16"),
                Cidr.parse("10.1.0.1/16"),
                Map.of("host", Cidr.parse("10.1.0.9/16")));
        return new CreateNetworkRequest(id, raw, false, true, false, List.of(pool), List.of());
    }

    private CreateEndpointReply create(EndpointKey key, String address, @Nullable String mac) {
        return test.driver.createEndpoint(new CreateEndpointRequest(
                key, Cidr.parse(address), null, mac == null ? null : MacAddress.parse(mac), EndpointOptions.NONE));
    }

    private void createAndJoin(CreateNetworkRequest request) {
        test.driver.createNetwork(request);
        create(ONE, "10.1.0.2/16", null);
        test.join(ONE);
    }

    private String inForce() {
        return test.kernel.inForce.stream().map(step -> step + "\n").collect(joining());
    }

    private static boolean isTrial(Step step) {
        return step instanceof Step.CreateLanLink link && link.name().startsWith("wtry-");
    }

    private void failAtTheTrial() {
        test.kernel.failOn(LanDriverTest::isTrial);
    }

    @ParameterizedTest
    @ValueSource(strings = {"n1 n2", "n2 n1"})
    void the_link_of_a_VLAN_goes_with_the_last_network_on_it(String order) {
        test.driver.createNetwork(network("n1", "macvlan", "parent=eth0.20"));
        test.driver.createNetwork(network("n2", "macvlan", "parent=eth0.20"));
        assertThat(inForce()).isEqualTo(VLAN);
        test.driver.deleteNetwork(order.split(" ")[0]);
        assertThat(inForce()).isEqualTo(VLAN);
        test.driver.deleteNetwork(order.split(" ")[1]);
        assertThat(test.kernel.inForce).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"macvlan", "ipvlan"})
    void a_network_whose_trial_fails_leaves_nothing(String mode) {
        failAtTheTrial();
        for (var options :
                List.of("parent=eth0.20", "parent=eth0", mode + "_mode=" + (mode.equals("macvlan") ? "vepa" : "l3"))) {
            assertThatThrownBy(() -> test.driver.createNetwork(network("n1", mode, options)))
                    .isInstanceOf(Refusal.class)
                    .hasMessage("cannot create network n1: link x refuses CreateLanLink.");
            assertThat(test.kernel.inForce).isEmpty();
            assertThat(test.registry.networks()).isEmpty();
        }
    }

    @Test
    void a_network_whose_trial_fails_leaves_the_VLAN_to_the_other_that_uses_it() {
        test.driver.createNetwork(network("n1", "macvlan", "parent=eth0.20"));
        failAtTheTrial();
        assertThatThrownBy(
                        () -> test.driver.createNetwork(network("n2", "macvlan", "parent=eth0.20", "host_access=true")))
                .isInstanceOf(Refusal.class);
        assertThat(inForce()).isEqualTo(VLAN);
        assertThat(test.registry.networks()).hasSize(1);
    }

    @Test
    void a_trial_that_an_agent_did_not_survive_is_undone_when_the_engine_asks_again_or_removes_the_network() {
        var request = network("n1", "macvlan", "parent=eth0", "macvlan_mode=passthru");
        test.driver.createNetwork(request);
        var network = test.registry.network("n1").orElseThrow();
        var trial = LanModes.both().of(network).trial(network);
        trial.applyTo(test.kernel);
        test.driver.createNetwork(request);
        assertThat(test.kernel.inForce).noneMatch(LanDriverTest::isTrial);
        trial.applyTo(test.kernel);
        test.driver.deleteNetwork("n1");
        assertThat(test.kernel.inForce).isEmpty();
    }

    @Test
    void a_network_in_the_way_of_another_is_refused_and_not_recorded() {
        test.driver.createNetwork(network("n1", "macvlan", "parent=eth0"));
        assertThatThrownBy(() -> test.driver.createNetwork(network("n2", "ipvlan", "parent=eth0")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("parent eth0 is that of network n1");
        assertThat(test.registry.networks()).hasSize(1);
    }

    @Test
    void joined_again_there_is_one_link_wherever_the_engine_has_moved_the_first() {
        createAndJoin(network("n1", "macvlan", "parent=eth0", "host_access=true"));
        var once = inForce();
        test.join(ONE);
        assertThat(inForce().lines())
                .containsExactlyInAnyOrderElementsOf(once.lines().toList());
        test.kernel.moveLinks(true);
        test.join(ONE);
        assertThat(inForce().lines())
                .containsExactlyInAnyOrderElementsOf(once.lines().toList());
        assertThat(test.kernel.hostHas("weft-e1")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"macvlan", "ipvlan"})
    void leaving_takes_the_link_and_the_hosts_route_and_keeps_what_is_the_networks(String mode) {
        test.driver.createNetwork(network("n1", mode, "parent=eth0", "host_access=true"));
        var before = inForce();
        create(ONE, "10.1.0.2/16", null);
        test.join(ONE);
        assertThat(inForce())
                .startsWith(before)
                .contains(" name weft-e1 ", "ip -netns host route add 10.1.0.2 dev whost-n1\n");
        test.driver.leave(ONE);
        assertThat(inForce()).isEqualTo(before);
        test.driver.deleteEndpoint(ONE);
        test.driver.deleteNetwork("n1");
        assertThat(test.kernel.inForce).isEmpty();
    }

    @Test
    void a_join_that_fails_leaves_what_is_the_networks_and_can_be_tried_again() {
        test.driver.createNetwork(network("n1", "macvlan", "parent=eth0", "host_access=true"));
        create(ONE, "10.1.0.2/16", null);
        var before = inForce();
        test.kernel.failOn(Step.RouteFromHost.class::isInstance);
        assertThatThrownBy(() -> test.join(ONE))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot join a container to network n1: link x refuses RouteFromHost.");
        assertThat(inForce()).isEqualTo(before);
        assertThat(neighbors.announced).isEmpty();
        test.kernel.failOn(step -> false);
        test.join(ONE);
        assertThat(test.kernel.hostHas("weft-e1")).isTrue();
        assertThat(neighbors.announced).hasSize(1);
    }

    @Test
    void a_network_is_removed_with_endpoints_whose_removal_was_lost() {
        createAndJoin(network("n1", "macvlan", "parent=eth0.20", "host_access=true"));
        test.driver.removeNetwork("n1", "because the engine no longer had it");
        assertThat(test.kernel.inForce).isEmpty();
        assertThat(test.registry.endpoints()).isEmpty();
    }

    @Test
    void the_hosts_link_its_route_and_a_containers_link_are_mended() {
        createAndJoin(network("n1", "macvlan", "parent=eth0", "host_access=true"));
        var all = List.copyOf(test.kernel.inForce);
        all.stream().filter(step -> !(step instanceof Step.NeedParent)).forEach(test.kernel::lose);
        var outcome = test.driver.reconcile();
        assertThat(outcome.problems()).isEmpty();
        assertThat(test.kernel.inForce).containsExactlyInAnyOrderElementsOf(all);
        assertThat(test.driver.examine().deviations()).isEmpty();
    }

    @Test
    void endpoints_of_ipvlan_have_the_parents_MAC_address_which_engines_are_not_told() {
        test.driver.createNetwork(network("n1", "ipvlan", "parent=eth0"));
        assertThat(create(ONE, "10.1.0.2/16", null)).isEqualTo(CreateEndpointReply.UNCHANGED);
        assertThat(test.registry.endpoint("e1").map(EndpointRecord::mac)).hasValue(LanModes.PARENT_MAC);
        assertThatThrownBy(() -> create(new EndpointKey("n1", "e2"), "10.1.0.3/16", "02:00:00:00:00:77"))
                .isInstanceOf(Refusal.class)
                .hasMessage("endpoints of this network have the MAC address of their parent, 02:00:00:00:00:e0; leave"
                        + " out --mac-address 02:00:00:00:00:77, or use a network of mode macvlan.");
        assertThat(test.registry.endpoints()).hasSize(1);
    }

    @Test
    void endpoints_of_macvlan_have_MAC_addresses_of_their_own() {
        test.driver.createNetwork(network("n1", "macvlan", "parent=eth0"));
        assertThat(create(ONE, "10.1.0.2/16", null))
                .isEqualTo(CreateEndpointReply.mac(MacAddress.parse("02:42:0a:01:00:02")));
        assertThat(create(new EndpointKey("n1", "e2"), "10.1.0.3/16", "02:00:00:00:00:77"))
                .isEqualTo(CreateEndpointReply.UNCHANGED);
    }

    @Test
    void an_address_that_is_in_use_on_the_LAN_is_refused_before_anything_is_recorded_and_not_asked_for_twice() {
        test.driver.createNetwork(network("n1", "macvlan", "parent=eth0"));
        neighbors.holders.put(InetAddress.ofLiteral("10.1.0.3"), LanModes.PARENT_MAC);
        assertThatThrownBy(() -> create(ONE, "10.1.0.3/16", null))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("cannot connect the container: address 10.1.0.3 is in use on the LAN by ");
        assertThat(test.registry.endpoints()).isEmpty();
        create(ONE, "10.1.0.2/16", null);
        create(ONE, "10.1.0.2/16", null);
        assertThat(neighbors.asked).hasSize(2);
    }

    @Test
    void who_claims_a_containers_address_is_told() {
        createAndJoin(network("n1", "macvlan", "parent=eth0"));
        var address = InetAddress.ofLiteral("10.1.0.2");
        neighbors.sightings.add(new Sighting(new Conflict(address, LanModes.PARENT_MAC, "eth0"), Instant.EPOCH));
        assertThat(test.driver.claims())
                .singleElement()
                .asString()
                .contains("is taken twice: address 10.1.0.2 is in use on the LAN by 02:00:00:00:00:e0");
        test.driver.reconcile();
        assertThat(neighbors.watched).containsOnlyKeys("eth0");
    }
}
