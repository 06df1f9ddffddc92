package dev.weft.agent.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.drivers.vxlan.Underlay;
import dev.weft.engine.Attachment;
import dev.weft.engine.ContainerDetails;
import dev.weft.engine.EngineInfo;
import dev.weft.engine.Ipam;
import dev.weft.engine.Network;
import dev.weft.engine.NetworkDetails;
import dev.weft.engine.NetworkDetails.Attached;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.netlink.Link;
import dev.weft.netlink.LinkKind;
import dev.weft.state.AddressRecord;
import dev.weft.state.AddressRecord.Purpose;
import dev.weft.state.EndpointRecord;
import dev.weft.state.EngineRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import dev.weft.state.PoolRecord;
import dev.weft.state.Registry;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RebuildingTest {
    private static final EngineInfo ENGINE =
            new EngineInfo("E1", "h1", "28.5.2", false, new EngineInfo.SwarmNode("inactive", "", false));
    private static final MacAddress MAC = MacAddress.parse("02:42:0a:09:00:05");
    private static final Underlay ETHERNET = new Underlay("eth0", 1500, false);
    private static final KernelFacts KERNEL = new KernelFacts(
            Set.of("weft network n1", "weft endpoint e1"),
            Map.of("weft network n1", 1400),
            Map.of(),
            Map.of("eth0", hostLink("eth0", 1500), "jumbo", hostLink("jumbo", 9000)),
            ETHERNET);
    private static final Attached WEB =
            new Attached("e1", "c1", "web", Cidr.parse("10.9.0.5/24"), Cidr.parse("fd09::5/64"), MAC);

    private static Link hostLink(String name, int mtu) {
        return new Link(
                0, name, new LinkKind.Other(""), mtu, MacAddress.parse("02:00:00:00:00:e0"), true, true, 0, 0, -1, "");
    }

    private static Ipam.Pool pool(String subnet, @Nullable String gateway) {
        return new Ipam.Pool(
                Subnet.parse(subnet), null, gateway == null ? null : InetAddress.ofLiteral(gateway), Map.of());
    }

    private static Network network(String driver, Ipam ipam, Map<String, String> options) {
        return new Network("n1", "mynet", driver, "local", true, false, ipam, options, Map.of());
    }

    private static EngineFacts engine(Network network, @Nullable String sandbox, Attached... endpoints) {
        var container = new ContainerDetails(
                "c1",
                "web",
                "running",
                0,
                "",
                null,
                null,
                0,
                new ContainerDetails.RestartPolicy("no", 0),
                Map.of(),
                sandbox,
                Map.of(
                        "mynet",
                        new Attachment(
                                "n1",
                                "e1",
                                null,
                                null,
                                MAC,
                                List.of(),
                                Map.of("ingress_rate", "1mbit", "com.docker.network.endpoint.sysctls", "x"))));
        return new EngineFacts(
                ENGINE, List.of(new NetworkDetails(network, List.of(endpoints))), Map.of("c1", container));
    }

    private static Rebuilt rebuilt(EngineFacts engine, KernelFacts kernel) {
        return new Rebuilding(engine, kernel).result();
    }

    private static AddressRecord given(String pool, String address, Purpose purpose) {
        return new AddressRecord(pool, InetAddress.ofLiteral(address), purpose, 1);
    }

    @Test
    void a_network_with_addresses_of_the_engines_is_as_it_was(@TempDir Path folder) {
        var ipam = new Ipam("default", Map.of(), List.of(pool("fd09::/64", null), pool("10.9.0.0/24", "10.9.0.1")));
        var rebuilt =
                rebuilt(engine(network("weft", ipam, Map.of("mode", "vxlan")), "/var/run/docker/netns/1", WEB), KERNEL);
        assertThat(rebuilt.unknown()).isEmpty();
        assertThat(rebuilt.records())
                .containsExactly(
                        new EngineRecord("E1", "h1", "28.5.2"),
                        new NetworkRecord(
                                "n1",
                                "mynet",
                                "vxlan",
                                1400,
                                true,
                                List.of(
                                        new NetworkSubnet(
                                                Subnet.parse("10.9.0.0/24"), Cidr.parse("10.9.0.1/24"), "LocalDefault"),
                                        new NetworkSubnet(Subnet.parse("fd09::/64"), null, "LocalDefault")),
                                Map.of("mode", "vxlan")),
                        new EndpointRecord(
                                "e1",
                                "n1",
                                Cidr.parse("10.9.0.5/24"),
                                Cidr.parse("fd09::5/64"),
                                MAC,
                                "/var/run/docker/netns/1",
                                null,
                                "web",
                                Map.of("ingress_rate", "1mbit")));
        Registry.replace(folder, rebuilt.records());
        try (var registry = Registry.open(folder)) {
            assertThat(registry.endpointsOf("n1")).hasSize(1);
        }
    }

    @Test
    void pools_of_Wefts_IPAM_have_what_containers_gateways_and_persons_hold() {
        var subnet = Subnet.parse("10.9.0.0/24");
        var ipam = new Ipam(
                "weft",
                Map.of("prefix_length", "24"),
                List.of(new Ipam.Pool(
                        subnet,
                        Subnet.parse("10.9.0.128/25"),
                        InetAddress.ofLiteral("10.9.0.1"),
                        Map.of("router", InetAddress.ofLiteral("10.9.0.2")))));
        var rebuilt = rebuilt(engine(network("bridge", ipam, Map.of()), "/sandbox", WEB), KERNEL);
        var id = "weft-local/10.9.0.0/24";
        assertThat(rebuilt.unknown()).isEmpty();
        assertThat(rebuilt.records())
                .containsExactly(
                        new EngineRecord("E1", "h1", "28.5.2"),
                        new PoolRecord(
                                "weft-local",
                                subnet,
                                Subnet.parse("10.9.0.128/25"),
                                "n1",
                                Map.of("prefix_length", "24")),
                        given(id, "10.9.0.1", Purpose.GATEWAY),
                        given(id, "10.9.0.2", Purpose.AUXILIARY),
                        given(id, "10.9.0.5", Purpose.CHOSEN));
    }

    @Test
    void where_nobody_tells_the_gateway_the_lowest_address_stays_reserved() {
        var ipam = new Ipam("weft", Map.of(), List.of(pool("10.9.0.0/24", null)));
        var rebuilt = rebuilt(engine(network("weft", ipam, Map.of()), "/sandbox"), KERNEL);
        assertThat(rebuilt.records()).contains(given("weft-local/10.9.0.0/24", "10.9.0.1", Purpose.GATEWAY));
        assertThat(rebuilt.unknown())
                .containsExactly("the engine does not tell whether subnet 10.9.0.0/24 of network mynet has a gateway;"
                        + " 10.9.0.1 is kept free for it.");
    }

    @Test
    void the_gateway_of_a_network_with_host_access_is_seen_in_the_kernel() {
        var ipam = new Ipam("weft", Map.of(), List.of(pool("10.9.0.0/24", null)));
        var kernel = new KernelFacts(
                Set.of(),
                Map.of("weft network n1", 1400),
                Map.of("weft host n1", List.of(Cidr.parse("10.9.0.9/24"))),
                Map.of(),
                ETHERNET);
        var rebuilt = rebuilt(engine(network("weft", ipam, Map.of("host_access", "true")), "/sandbox"), kernel);
        assertThat(rebuilt.unknown()).isEmpty();
        assertThat(rebuilt.records()).contains(given("weft-local/10.9.0.0/24", "10.9.0.9", Purpose.GATEWAY));
        assertThat(rebuilt.records())
                .filteredOn(NetworkRecord.class::isInstance)
                .singleElement()
                .satisfies(network -> assertThat(((NetworkRecord) network).subnets())
                        .containsExactly(new NetworkSubnet(
                                Subnet.parse("10.9.0.0/24"), Cidr.parse("10.9.0.9/24"), "weft-local")));
    }

    @Test
    void an_address_that_a_container_has_is_no_gateways_and_in_a_pair_none_is_reserved() {
        var lowest = new Attached("e1", "c1", "web", Cidr.parse("10.9.0.1/24"), null, MAC);
        var whole = new Ipam("weft", Map.of(), List.of(pool("10.9.0.0/24", null)));
        assertThat(rebuilt(engine(network("weft", whole, Map.of()), "/sandbox", lowest), KERNEL)
                        .records())
                .contains(given("weft-local/10.9.0.0/24", "10.9.0.1", Purpose.CHOSEN))
                .noneMatch(record -> record instanceof AddressRecord address && address.isGateway());
        var pair = new Ipam("weft", Map.of(), List.of(pool("10.9.0.4/31", null)));
        assertThat(rebuilt(engine(network("weft", pair, Map.of()), "/sandbox", WEB), KERNEL)
                        .records())
                .contains(given("weft-local/10.9.0.4/31", "10.9.0.5", Purpose.CHOSEN))
                .noneMatch(record -> record instanceof AddressRecord address && address.isGateway());
    }

    @Test
    void without_a_bridge_the_MTU_is_the_options_or_what_the_default_route_leaves() {
        var bare = new KernelFacts(Set.of(), Map.of(), Map.of(), Map.of(), ETHERNET);
        var given = rebuilt(
                engine(network("weft", Ipam.DEFAULT, Map.of("com.docker.network.driver.mtu", "1300")), null), bare);
        assertThat(given.unknown()).isEmpty();
        assertThat(given.records())
                .anyMatch(record -> record instanceof NetworkRecord network && network.mtu() == 1300);
        var guessed = rebuilt(engine(network("weft", Ipam.DEFAULT, Map.of()), null), bare);
        assertThat(guessed.records())
                .anyMatch(record -> record instanceof NetworkRecord network && network.mtu() == 1450);
        assertThat(guessed.unknown())
                .containsExactly("network mynet has no bridge in the kernel, so its MTU is taken to be 1450, which the"
                        + " default route over eth0, MTU 1500, leaves now.");
    }

    @Test
    void an_endpoint_with_links_whose_sandbox_nobody_tells_is_left_out() {
        var rebuilt = rebuilt(engine(network("weft", Ipam.DEFAULT, Map.of()), null, WEB), KERNEL);
        assertThat(rebuilt.count(EndpointRecord.class)).isZero();
        assertThat(rebuilt.unknown())
                .containsExactly("the engine does not tell the sandbox of web in network mynet, so it is not on record."
                        + " Start that container again.");
    }

    @Test
    void an_endpoint_without_links_and_sandbox_has_not_joined() {
        var created = new Attached("e2", null, "web", Cidr.parse("10.9.0.6/24"), null, MAC);
        var rebuilt = rebuilt(engine(network("weft", Ipam.DEFAULT, Map.of()), null, created), KERNEL);
        assertThat(rebuilt.unknown()).isEmpty();
        assertThat(rebuilt.records())
                .contains(new EndpointRecord("e2", "n1", Cidr.parse("10.9.0.6/24"), null, MAC, Map.of()));
    }

    @Test
    void an_endpoint_whose_MAC_address_nobody_tells_is_left_out() {
        var nameless = new Attached("e1", "c1", "web", Cidr.parse("10.9.0.5/24"), null, null);
        var rebuilt = rebuilt(engine(network("weft", Ipam.DEFAULT, Map.of()), "/sandbox", nameless), KERNEL);
        assertThat(rebuilt.count(EndpointRecord.class)).isZero();
        assertThat(rebuilt.unknown())
                .containsExactly("the engine does not tell the MAC address of web in network mynet, so it is not on"
                        + " record. Start that container again.");
    }

    private static NetworkRecord onLan(Map<String, String> options) {
        var set = Map.of("host", InetAddress.ofLiteral("10.9.0.9"), "printer", InetAddress.ofLiteral("10.9.0.7"));
        var ipam = new Ipam(
                "default",
                Map.of(),
                List.of(
                        new Ipam.Pool(Subnet.parse("10.9.0.0/24"), null, InetAddress.ofLiteral("10.9.0.1"), set),
                        pool("fd09::/64", null)));
        var kernel = new KernelFacts(
                Set.of(),
                Map.of(),
                Map.of("weft host n1", List.of(Cidr.parse("fd09::9/128"))),
                KERNEL.hostLinks(),
                ETHERNET);
        var rebuilt = rebuilt(engine(network("weft", ipam, options), "/sandbox"), kernel);
        assertThat(rebuilt.unknown()).isEmpty();
        return rebuilt.records().stream()
                .filter(NetworkRecord.class::isInstance)
                .map(NetworkRecord.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"macvlan", "ipvlan"})
    void a_network_on_a_LAN_has_its_gateway_from_the_engine_alone_and_the_hosts_address_from_those_set_aside(
            String mode) {
        var network = onLan(Map.of("mode", mode, "parent", "eth0", "host_access", "true"));
        assertThat(network.mode()).isEqualTo(mode);
        assertThat(network.subnets())
                .containsExactly(
                        new NetworkSubnet(
                                Subnet.parse("10.9.0.0/24"),
                                Cidr.parse("10.9.0.1/24"),
                                "LocalDefault",
                                Cidr.parse("10.9.0.9/24")),
                        new NetworkSubnet(Subnet.parse("fd09::/64"), null, "LocalDefault"));
        assertThat(onLan(Map.of("mode", mode, "parent", "eth0")).subnets())
                .extracting(NetworkSubnet::hostAddress)
                .containsOnlyNulls();
    }

    @ParameterizedTest
    @CsvSource({
        "jumbo, '', 9000",
        "jumbo.20, '', 9000",
        "eth0, '', 1500",
        "gone, '', 1500",
        "'', '', 1500",
        "jumbo, 1400, 1400"
    })
    void a_network_on_a_LAN_has_the_MTU_that_was_given_or_the_parents(String parent, String given, int mtu) {
        var options = new TreeMap<>(Map.of("mode", "macvlan"));
        if (!parent.isEmpty()) {
            options.put("parent", parent);
        }
        if (!given.isEmpty()) {
            options.put("com.docker.network.driver.mtu", given);
        }
        assertThat(onLan(options).mtu()).isEqualTo(mtu);
    }

    @Test
    void an_endpoint_of_ipvlan_has_the_parents_MAC_address_which_engines_do_not_tell() {
        var silent = new Attached("e1", "c1", "web", Cidr.parse("10.9.0.5/24"), null, null);
        var options = Map.of("mode", "ipvlan", "parent", "eth0");
        var rebuilt = rebuilt(engine(network("weft", Ipam.DEFAULT, options), "/sandbox", silent), KERNEL);
        assertThat(rebuilt.unknown()).isEmpty();
        assertThat(rebuilt.records())
                .filteredOn(EndpointRecord.class::isInstance)
                .singleElement()
                .satisfies(endpoint ->
                        assertThat(((EndpointRecord) endpoint).mac()).isEqualTo(MacAddress.parse("02:00:00:00:00:e0")));
        var elsewhere = Map.of("mode", "ipvlan", "parent", "gone");
        assertThat(rebuilt(engine(network("weft", Ipam.DEFAULT, elsewhere), "/sandbox", silent), KERNEL)
                        .unknown())
                .hasSize(1);
    }
}
