package dev.weft.drivers.vxlan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.drivers.mode.NetworkOptions;
import dev.weft.drivers.plan.Plan;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.GatewayAllocCheckReply;
import dev.weft.plugin.GatewayAllocCheckRequest;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.Refusal;
import dev.weft.plugin.StaticRoute;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class VxlanModeTest {
    private static final String NETWORK = "5a3f0c2b9d1e4f60718293a4b5c6d7e8f90123456789abcdef0123456789abcd";
    private static final String ENDPOINT = "77e1d0c3b2a190807060504030201000ffeeddccbbaa99887766554433221100";
    private static final String SANDBOX = "/var/run/docker/netns/0123456789ab";
    private static final IpamData IPV4 = pool("10.1.0.0/16", "10.1.0.1/16");
    private static final IpamData IPV6 = pool("fd01::/64", "fd01::1/64");

    private final VxlanMode mode = VxlanModes.onEthernet();

    private static IpamData pool(String subnet, String gateway) {
        return new IpamData(
                "LocalDefault", Subnet.parse(subnet), gateway == null ? null : Cidr.parse(gateway), Map.of());
    }

    private static CreateNetworkRequest request(
            List<IpamData> ipv4, List<IpamData> ipv6, boolean internal, String... options) {
        var raw = new java.util.TreeMap<String, String>();
        for (var option : options) {
            raw.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
        return new CreateNetworkRequest(NETWORK, raw, internal, !ipv4.isEmpty(), !ipv6.isEmpty(), ipv4, ipv6);
    }

    private NetworkRecord network(String... options) {
        return mode.record(request(List.of(IPV4), List.of(IPV6), false, options));
    }

    private static EndpointRecord endpoint(Map<String, String> options) {
        return new EndpointRecord(
                ENDPOINT,
                NETWORK,
                Cidr.parse("10.1.0.2/16"),
                Cidr.parse("fd01::2/64"),
                MacAddress.parse("02:42:0a:01:00:02"),
                options);
    }

    private static void assertGolden(Plan plan, String file) throws IOException {
        try (var golden = VxlanModeTest.class.getResourceAsStream("/plans/" + file)) {
            assertThat(plan + "\n").isEqualTo(new String(golden.readAllBytes(), UTF_8));
        }
    }

    @Test
    void with_host_access_the_host_has_an_end_of_a_pair_with_the_gateways_addresses() throws IOException {
        assertGolden(mode.network(network("host_access=true")), "vxlan-host-access.txt");
    }

    @Test
    void without_inter_container_communication_the_ports_of_containers_are_isolated_and_the_hosts_is_not()
            throws IOException {
        var network = network("com.docker.network.bridge.enable_icc=false", "host_access=true");
        assertGolden(mode.endpoint(network, endpoint(Map.of())), "vxlan-isolated.txt");
        assertGolden(mode.network(network), "vxlan-host-access.txt");
    }

    @Test
    void rates_are_limited_where_frames_leave_the_port_and_on_a_detour_of_those_that_come_in() throws IOException {
        var network = network("ingress_rate=50mbit", "egress_rate=20mbit");
        assertGolden(mode.endpoint(network, endpoint(Map.of())), "vxlan-rates.txt");
    }

    @Test
    void an_endpoints_own_rates_take_precedence_over_the_networks() throws IOException {
        var network = network("ingress_rate=50mbit", "egress_rate=20mbit");
        var own = endpoint(Map.of("ingress_rate", "1.5mbit", "egress_rate", "8kbit"));
        assertGolden(mode.endpoint(network, own), "vxlan-endpoint-rates.txt");
        assertGolden(mode.endpoint(network(), own), "vxlan-endpoint-rates.txt");
    }

    @Test
    void a_restoration_has_the_addresses_the_routes_and_the_name_that_was_seen() throws IOException {
        var network = network("routes=10.9.0.0/16 via 10.1.0.5, fd09::/64 via fd01::5", "ingress_rate=50mbit");
        var joined = endpoint(Map.of()).joinedTo(SANDBOX);
        assertGolden(mode.restoration(network, joined.seenAs("lan7")), "vxlan-restoration.txt");
        assertThat(mode.restoration(network, joined).toString()).contains(" type veth peer eth0 ");
    }

    @Test
    void one_that_has_not_joined_has_no_restoration() {
        assertThat(mode.restoration(network(), endpoint(Map.of())).steps()).isEmpty();
    }

    @Test
    void the_reply_has_the_routes_but_those_over_the_endpoint_itself_or_of_a_family_it_has_no_address_of() {
        var network = network("routes=10.9.0.0/16 via 10.1.0.5, 10.8.0.0/16 via 10.1.0.2, fd09::/64 via fd01::5");
        var route = new StaticRoute(
                Subnet.parse("10.9.0.0/16"), Cidr.parse("10.1.0.5/16").address());
        var route6 = new StaticRoute(
                Subnet.parse("fd09::/64"), Cidr.parse("fd01::5/64").address());
        assertThat(mode.reply(network, endpoint(Map.of())))
                .isEqualTo(JoinReply.link("weft-77e1d0c3b2").withRoute(route).withRoute(route6));
        var onlyIpv4 = new EndpointRecord(
                ENDPOINT,
                NETWORK,
                Cidr.parse("10.1.0.3/16"),
                null,
                endpoint(Map.of()).mac(),
                Map.of());
        assertThat(mode.reply(network, onlyIpv4).staticRoutes())
                .extracting(StaticRoute::destination)
                .containsExactly(Subnet.parse("10.9.0.0/16"), Subnet.parse("10.8.0.0/16"));
    }

    @Test
    void the_reply_has_the_name_that_was_asked_for() {
        assertThat(mode.reply(network(), endpoint(Map.of(NetworkOptions.INTERFACE_NAME.name(), "lan7")))
                        .name())
                .isEqualTo("lan7");
    }

    @Test
    void wrong_endpoint_options_are_refused_together() {
        assertThatThrownBy(() -> mode.checkEndpoint(
                        Map.of("ingress_rate", "fast", NetworkOptions.INTERFACE_NAME.name(), "a/b", "routes", "")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("unknown option 'routes'")
                .hasMessageContaining("option 'ingress_rate' is 'fast'; a rate is a number with a unit")
                .hasMessageContaining("option 'com.docker.network.endpoint.ifname' is 'a/b'; ");
    }

    @Test
    void host_access_needs_a_gateway_of_either_family() {
        assertThatThrownBy(() ->
                        mode.record(request(List.of(pool("10.1.0.0/16", null)), List.of(), false, "host_access=true")))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot create the network: with 'host_access' the host has the gateway's address in it,"
                        + " and it has no gateway; give one with --subnet and --gateway.");
        var half = mode.record(request(List.of(pool("10.1.0.0/16", null)), List.of(IPV6), false, "host_access=true"));
        assertThat(mode.network(half).toString())
                .contains("addr add fd01::1/64")
                .doesNotContain("10.1.0.1");
    }

    @Test
    void a_gateways_address_is_taken_only_where_the_host_gets_it() {
        assertThat(gatewayCheck(Map.of())).isEqualTo(new GatewayAllocCheckReply(true, true));
        assertThat(gatewayCheck(Map.of("host_access", "true"))).isEqualTo(GatewayAllocCheckReply.TAKE);
    }

    private GatewayAllocCheckReply gatewayCheck(Map<String, String> options) {
        return mode.gatewayCheck(new GatewayAllocCheckRequest(options, false, true, true));
    }

    @Test
    void a_network_of_IPv6_alone_needs_a_way_out_or_none() {
        assertThatThrownBy(() -> mode.record(request(List.of(), List.of(IPV6), false)))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith(
                        "cannot create the network: it has IPv6 alone, and docker_gwbridge, by which its"
                                + " containers would leave the host, has none. Add --internal, or an IPv4 subnet, or make"
                                + " docker_gwbridge with an IPv6 subnet");
        assertThat(mode.record(request(List.of(), List.of(IPV6), true)).internal())
                .isTrue();
        var withEgress =
                new VxlanMode(() -> new Underlay("eth0", 1500, false), () -> true, network -> Optional.empty());
        assertThat(withEgress.record(request(List.of(), List.of(IPV6), false)).internal())
                .isFalse();
    }

    @Test
    void a_network_of_both_families_is_remarked_on_where_IPv6_has_no_way_out() {
        assertThat(mode.remark(network().named("lan")))
                .hasValue("network lan: IPv6 stays inside, because docker_gwbridge has no IPv6 subnet");
        var withEgress =
                new VxlanMode(() -> new Underlay("eth0", 1500, false), () -> true, network -> Optional.empty());
        assertThat(withEgress.remark(network())).isEmpty();
        assertThat(mode.remark(mode.record(request(List.of(IPV4), List.of(IPV6), true))))
                .isEmpty();
        assertThat(mode.remark(mode.record(request(List.of(IPV4), List.of(), false))))
                .isEmpty();
    }
}
