package dev.weft.drivers.lan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.drivers.mode.NetworkOptions;
import dev.weft.drivers.mode.Presence;
import dev.weft.drivers.neighbors.AnnouncementOptions;
import dev.weft.drivers.neighbors.Probe;
import dev.weft.drivers.plan.Plan;
import dev.weft.drivers.plan.Step;
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
import dev.weft.state.NetworkSubnet;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LanModeTest {
    private static final String NETWORK = "5a3f0c2b9d1e4f60718293a4b5c6d7e8f90123456789abcdef0123456789abcd";
    private static final String ENDPOINT = "77e1d0c3b2a190807060504030201000ffeeddccbbaa99887766554433221100";
    private static final String SANDBOX = "/var/run/docker/netns/0123456789ab";
    private static final IpamData IPV4 = pool("10.1.0.0/16", "10.1.0.1/16", "host", "10.1.0.9");
    private static final IpamData IPV6 = pool("fd01::/64", "fd01::1/64", "host6", "fd01::9");

    private static IpamData pool(String subnet, @Nullable String gateway, String... aside) {
        var parsed = Subnet.parse(subnet);
        return new IpamData(
                "LocalDefault",
                parsed,
                gateway == null ? null : Cidr.parse(gateway),
                aside.length == 0
                        ? Map.of()
                        : Map.of(aside[0], new Cidr(InetAddress.ofLiteral(aside[1]), parsed.prefixLength())));
    }

    private static CreateNetworkRequest request(List<IpamData> pools, boolean internal, String... options) {
        var raw = new TreeMap<String, String>();
        for (var option : options) {
            raw.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
        var ipv4 = pools.stream().filter(pool -> pool.pool().isIpv4()).toList();
        var ipv6 = pools.stream().filter(pool -> !pool.pool().isIpv4()).toList();
        return new CreateNetworkRequest(NETWORK, raw, internal, !ipv4.isEmpty(), !ipv6.isEmpty(), ipv4, ipv6);
    }

    private static NetworkRecord network(LanKind kind, String... options) {
        return LanModes.of(kind).record(request(List.of(IPV4, IPV6), false, options));
    }

    private static NetworkRecord other(LanKind kind, String... options) {
        var network = network(kind, options);
        return new NetworkRecord(
                "other", "theirs", network.mode(), network.mtu(), false, network.subnets(), network.options());
    }

    private static EndpointRecord endpoint() {
        return endpoint("10.1.0.2/16", "fd01::2/64");
    }

    private static EndpointRecord endpoint(@Nullable String ipv4, @Nullable String ipv6) {
        return new EndpointRecord(
                ENDPOINT,
                NETWORK,
                ipv4 == null ? null : Cidr.parse(ipv4),
                ipv6 == null ? null : Cidr.parse(ipv6),
                MacAddress.parse("02:42:0a:01:00:02"),
                Map.of());
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static void assertGolden(Plan plan, LanKind kind, String what) throws IOException {
        var file = "/plans/lan-" + kind.modeName() + "-" + what + ".txt";
        try (var golden = LanModeTest.class.getResourceAsStream(file)) {
            assertThat(plan + "\n").isEqualTo(new String(golden.readAllBytes(), UTF_8));
        }
    }

    /// All that there is of a network with one endpoint while that joins, with the trial between.
    private static Plan all(LanKind kind, NetworkRecord network) {
        var mode = LanModes.of(kind);
        return mode.creation(network, List.of()).then(mode.endpoint(network, endpoint()));
    }

    @ParameterizedTest
    @EnumSource
    void on_a_parent_there_is_nothing_but_a_link_for_each_endpoint(LanKind kind) throws IOException {
        assertGolden(all(kind, network(kind, "parent=eth0", "com.docker.network.driver.mtu=1400")), kind, "parent");
    }

    @ParameterizedTest
    @EnumSource
    void on_a_VLAN_its_link_is_made_too(LanKind kind) throws IOException {
        assertGolden(all(kind, network(kind, "parent=eth0.20")), kind, "vlan");
    }

    @ParameterizedTest
    @EnumSource
    void without_a_parent_the_links_stand_on_one_that_leads_nowhere(LanKind kind) throws IOException {
        assertGolden(all(kind, network(kind)), kind, "alone");
    }

    @ParameterizedTest
    @EnumSource
    void with_host_access_the_host_has_a_link_with_addresses_and_a_route_to_each_endpoint(LanKind kind)
            throws IOException {
        assertGolden(all(kind, network(kind, "parent=eth0", "host_access=true")), kind, "host-access");
    }

    @ParameterizedTest
    @EnumSource
    void a_restoration_has_the_addresses_the_default_routes_the_name_that_was_seen_and_the_hosts_routes(LanKind kind)
            throws IOException {
        var network = network(kind, "parent=eth0", "host_access=true");
        var joined = endpoint().joinedTo(SANDBOX).seenAs("lan7");
        assertGolden(LanModes.of(kind).restoration(network, joined), kind, "restoration");
        assertThat(LanModes.of(kind).attachment(network, joined))
                .isEqualTo(LanModes.of(kind).restoration(network, joined));
    }

    @Test
    void a_routed_links_default_routes_have_no_gateway() {
        var joined = endpoint("10.1.0.2/16", null).joinedTo(SANDBOX);
        var network = network(LanKind.IPVLAN, "parent=eth0", "ipvlan_mode=l3");
        assertThat(LanModes.of(LanKind.IPVLAN).restoration(network, joined).toString())
                .contains(" route add 0.0.0.0/0 dev eth0", " type ipvlan mode l3 bridge;")
                .doesNotContain("::/0", " via ");
    }

    @Test
    void where_packets_go_nowhere_a_restoration_has_no_routes() {
        var mode = LanModes.of(LanKind.MACVLAN);
        var joined = endpoint().joinedTo(SANDBOX);
        var internal = mode.record(request(List.of(IPV4), true, "parent=eth0"));
        assertThat(mode.restoration(internal, joined).toString()).doesNotContain(" route ");
        assertThat(mode.restoration(network(LanKind.MACVLAN), joined).toString())
                .doesNotContain(" route ");
    }

    @ParameterizedTest
    @EnumSource
    void one_that_has_not_joined_has_no_restoration_and_leaves_the_traces_of_a_join(LanKind kind) {
        var mode = LanModes.of(kind);
        var network = network(kind, "parent=eth0", "host_access=true");
        assertThat(mode.restoration(network, endpoint()).steps()).isEmpty();
        assertThat(mode.traces(network, endpoint()).steps())
                .containsExactlyElementsOf(mode.endpoint(network, endpoint()).steps());
        assertThat(mode.traces(network, endpoint().joinedTo(SANDBOX)).steps())
                .hasAtLeastOneElementOfType(Step.Restore.class);
    }

    @ParameterizedTest
    @EnumSource
    void the_MTU_on_record_is_the_parents_where_none_is_given(LanKind kind) {
        assertThat(network(kind, "parent=jumbo").mtu()).isEqualTo(9000);
        assertThat(network(kind, "parent=jumbo.20").mtu()).isEqualTo(9000);
        assertThat(network(kind).mtu()).isEqualTo(1500);
        assertThat(network(kind, "parent=jumbo", "com.docker.network.driver.mtu=1400")
                        .mtu())
                .isEqualTo(1400);
    }

    @ParameterizedTest
    @EnumSource
    void the_reply_has_the_gateways_of_the_endpoints_subnets_and_no_gateway_service(LanKind kind) {
        var mode = LanModes.of(kind);
        var link = JoinReply.link("weft-77e1d0c3b2").withoutGatewayService();
        var network = network(kind, "parent=eth0");
        assertThat(mode.reply(network, endpoint()))
                .isEqualTo(link.withGateway(address("10.1.0.1")).withGateway(address("fd01::1")));
        assertThat(mode.reply(network, endpoint(null, "fd01::2/64"))).isEqualTo(link.withGateway(address("fd01::1")));
        assertThat(mode.reply(network, endpoint(null, null))).isEqualTo(link);
        var without = mode.record(request(List.of(pool("10.1.0.0/16", null)), false, "parent=eth0"));
        assertThat(mode.reply(without, endpoint())).isEqualTo(link);
        var internal = mode.record(request(List.of(IPV4, IPV6), true, "parent=eth0"));
        assertThat(mode.reply(internal, endpoint())).isEqualTo(link);
        assertThat(mode.reply(network(kind), endpoint())).isEqualTo(link);
    }

    @ParameterizedTest
    @ValueSource(strings = {"l3", "l3s"})
    void where_links_are_routed_the_reply_has_default_routes_without_a_gateway(String routed) {
        var mode = LanModes.of(LanKind.IPVLAN);
        var link = JoinReply.link("weft-77e1d0c3b2").withoutGatewayService();
        var network = network(LanKind.IPVLAN, "parent=eth0", "ipvlan_mode=" + routed);
        var ipv4 = new StaticRoute(Subnet.parse("0.0.0.0/0"), null);
        var ipv6 = new StaticRoute(Subnet.parse("::/0"), null);
        assertThat(mode.reply(network, endpoint()))
                .isEqualTo(link.withRoute(ipv4).withRoute(ipv6));
        assertThat(mode.reply(network, endpoint("10.1.0.2/16", null))).isEqualTo(link.withRoute(ipv4));
        var internal = mode.record(request(List.of(IPV4), true, "parent=eth0", "ipvlan_mode=" + routed));
        assertThat(mode.reply(internal, endpoint())).isEqualTo(link);
        assertThat(mode.reply(network(LanKind.IPVLAN, "ipvlan_mode=" + routed), endpoint()))
                .isEqualTo(link);
    }

    @Test
    void of_several_subnets_the_gateway_is_that_of_the_smallest_that_has_the_address() {
        var mode = LanModes.of(LanKind.MACVLAN);
        var network = mode.record(request(
                List.of(IPV4, pool("10.2.0.0/16", "10.2.0.1/16"), pool("10.2.3.0/24", "10.2.3.1/24")),
                false,
                "parent=eth0"));
        assertThat(mode.reply(network, endpoint("10.2.0.2/16", null)).gateway()).isEqualTo(address("10.2.0.1"));
        assertThat(mode.reply(network, endpoint("10.2.3.2/24", null)).gateway()).isEqualTo(address("10.2.3.1"));
    }

    @ParameterizedTest
    @EnumSource
    void the_reply_has_the_name_that_was_asked_for(LanKind kind) {
        var named = new EndpointRecord(
                ENDPOINT, NETWORK, null, null, LanModes.PARENT_MAC, Map.of(NetworkOptions.INTERFACE_NAME.name(), "a"));
        assertThat(LanModes.of(kind).reply(network(kind), named).name()).isEqualTo("a");
        assertThatThrownBy(() -> LanModes.of(kind)
                        .checkEndpoint(Map.of(NetworkOptions.INTERFACE_NAME.name(), "a/b", "ingress_rate", "1mbit")))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot connect the container: unknown option 'ingress_rate'; known:"
                        + " com.docker.network.endpoint.ifname; option 'com.docker.network.endpoint.ifname' is 'a/b';"
                        + " it contains SOLIDUS; letters, digits, '.', '-' and '_' are"
                        + " safe.");
    }

    @ParameterizedTest
    @CsvSource({
        "MACVLAN, false, parent=eth0, false",
        "MACVLAN, true, parent=eth0, true",
        "MACVLAN, false, macvlan_mode=bridge, true",
        "IPVLAN, false, parent=eth0, false",
        "IPVLAN, false, parent=eth0 ipvlan_mode=l3, true",
        "IPVLAN, false, parent=eth0 ipvlan_mode=l3s, true",
        "IPVLAN, false, parent=eth0 ipvlan_mode=oops, false"
    })
    void a_gateways_address_is_taken_where_there_is_a_way_to_it(
            LanKind kind, boolean internal, String options, boolean skipped) {
        var raw = request(List.of(), internal, options.split(" ")).generic();
        assertThat(LanModes.of(kind).gatewayCheck(new GatewayAllocCheckRequest(raw, internal, true, true)))
                .isEqualTo(new GatewayAllocCheckReply(skipped, skipped));
    }

    @Test
    void the_hosts_addresses_are_those_that_were_set_aside_for_it() {
        assertThat(network(LanKind.MACVLAN, "parent=eth0", "host_access=true").subnets())
                .containsExactly(
                        new NetworkSubnet(IPV4.pool(), IPV4.gateway(), "LocalDefault", Cidr.parse("10.1.0.9/16")),
                        new NetworkSubnet(IPV6.pool(), IPV6.gateway(), "LocalDefault", Cidr.parse("fd01::9/64")));
        assertThat(network(LanKind.MACVLAN, "parent=eth0").subnets())
                .extracting(NetworkSubnet::hostAddress)
                .containsOnlyNulls();
    }

    @Test
    void host_access_needs_an_address_in_every_subnet() {
        var mode = LanModes.of(LanKind.MACVLAN);
        var printer = pool("10.2.0.0/16", null, "hostile", "10.2.0.9");
        assertThatThrownBy(() -> mode.record(
                        request(List.of(IPV4, printer, pool("fd02::/64", null)), false, "host_access=true")))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot create the network: with 'host_access' the host needs an address of its own in"
                        + " 10.2.0.0/16 and in fd02::/64, which nobody else has: set one aside with --aux-address"
                        + " host=ADDRESS (host6=ADDRESS for a second subnet).");
        assertThatThrownBy(() -> mode.record(request(List.of(), false, "host_access=true")))
                .hasMessage("cannot create the network: with 'host_access' the host needs an address of its own in a"
                        + " subnet of it, and it has none; give a --subnet.");
    }

    /// `-` where the second may be beside the first.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MACVLAN||MACVLAN||-",
                "MACVLAN|macvlan_mode=private|MACVLAN|macvlan_mode=vepa|-",
                "MACVLAN|macvlan_mode=passthru|MACVLAN||has it alone (macvlan_mode=passthru)",
                "MACVLAN||MACVLAN|macvlan_mode=passthru|uses it too, and with macvlan_mode=passthru a network has its"
                        + " parent alone",
                "MACVLAN|macvlan_mode=passthru|MACVLAN|macvlan_mode=passthru|has it alone (macvlan_mode=passthru)",
                "MACVLAN|macvlan_mode=passthru|IPVLAN||has it alone (macvlan_mode=passthru)",
                "IPVLAN||MACVLAN|macvlan_mode=passthru|uses it too, and with macvlan_mode=passthru a network has its"
                        + " parent alone",
                "MACVLAN||IPVLAN||is of mode macvlan, and a parent has links of one kind only",
                "IPVLAN||MACVLAN||is of mode ipvlan, and a parent has links of one kind only",
                "IPVLAN||IPVLAN||-",
                "IPVLAN|ipvlan_mode=l3 ipvlan_flag=vepa|IPVLAN|ipvlan_mode=l3 ipvlan_flag=vepa|-",
                "IPVLAN|ipvlan_mode=l3|IPVLAN||has ipvlan_mode=l3 and ipvlan_flag=bridge, which belong to the parent and"
                        + " are the same for all on it",
                "IPVLAN|ipvlan_flag=private|IPVLAN||has ipvlan_mode=l2 and ipvlan_flag=private, which belong to the"
                        + " parent and are the same for all on it"
            })
    void on_one_parent_there_are_networks_that_agree(
            LanKind first, @Nullable String firstOptions, LanKind second, @Nullable String options, String obstacle) {
        var theirs = other(first, on("eth0", firstOptions));
        var network = network(second, on("eth0", options));
        if (obstacle.equals("-")) {
            assertThatCode(() -> LanModes.of(second).checkBeside(network, List.of(theirs)))
                    .doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> LanModes.of(second).checkBeside(network, List.of(theirs)))
                    .isInstanceOf(Refusal.class)
                    .hasMessage("cannot create the network: parent eth0 is that of network theirs, which " + obstacle
                            + "; give another 'parent'.");
        }
        var elsewhere = network(second, on("jumbo", options));
        assertThatCode(() -> LanModes.of(second).checkBeside(elsewhere, List.of(theirs)))
                .doesNotThrowAnyException();
    }

    private static String[] on(String parent, @Nullable String options) {
        return Stream.concat(
                        Stream.of("parent=" + parent), options == null ? Stream.of() : Stream.of(options.split(" ")))
                .toArray(String[]::new);
    }

    @Test
    void networks_without_a_parent_itself_made_again_and_those_of_other_modes_are_in_nobodys_way() {
        var alone = network(LanKind.MACVLAN, "macvlan_mode=passthru");
        var vxlan = new NetworkRecord("v", null, "vxlan", 1450, false, List.of(), Map.of("mode", "vxlan"));
        var passthru = network(LanKind.MACVLAN, "parent=eth0", "macvlan_mode=passthru");
        assertThatCode(() -> {
                    LanModes.of(LanKind.MACVLAN).checkBeside(alone, List.of(other(LanKind.IPVLAN)));
                    LanModes.of(LanKind.MACVLAN).checkBeside(passthru, List.of(passthru, vxlan));
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "MACVLAN, parent=eth0, FAST",
        "MACVLAN, parent=eth0 probe=rfc, RFC",
        "MACVLAN, parent=eth0.20 probe=off, OFF",
        "MACVLAN, parent=eth0 macvlan_mode=passthru probe=rfc, OFF",
        "IPVLAN, parent=eth0, FAST"
    })
    void endpoints_are_on_the_LAN_of_the_parent(LanKind kind, String options, Probe probe) {
        var parent = options.split(" ")[0].substring("parent=".length());
        assertThat(LanModes.of(kind).presence(network(kind, options.split(" "))))
                .hasValue(new Presence(parent, probe, AnnouncementOptions.DEFAULT));
    }

    @Test
    void endpoints_without_a_parent_or_behind_a_router_are_on_no_LAN() {
        assertThat(LanModes.of(LanKind.MACVLAN).presence(network(LanKind.MACVLAN)))
                .isEmpty();
        for (var routed : List.of("l3", "l3s")) {
            assertThat(LanModes.of(LanKind.IPVLAN)
                            .presence(network(LanKind.IPVLAN, "parent=eth0", "ipvlan_mode=" + routed)))
                    .isEmpty();
        }
    }

    @Test
    void ipvlan_endpoints_have_the_parents_MAC_address() {
        assertThat(LanModes.of(LanKind.MACVLAN).sharedMac(network(LanKind.MACVLAN, "parent=eth0")))
                .isEmpty();
        assertThat(LanModes.of(LanKind.IPVLAN).sharedMac(network(LanKind.IPVLAN, "parent=eth0")))
                .hasValue(LanModes.PARENT_MAC);
        var onVlan = network(LanKind.IPVLAN, "parent=eth0.20").named("lan");
        assertThatThrownBy(() -> LanModes.of(LanKind.IPVLAN).sharedMac(onVlan))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot connect the container: link eth0.20 is not on this host, and network lan stands on"
                        + " it.");
    }
}
