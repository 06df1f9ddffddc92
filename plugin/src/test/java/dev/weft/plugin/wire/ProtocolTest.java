package dev.weft.plugin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.json.Json;
import dev.weft.json.MalformedJson;
import dev.weft.plugin.*;
import io.avaje.json.mapper.JsonMapper;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bodies are of real engines (wire/28.5 and 20.10, recordings named at each), ids shortened.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProtocolTest {
    @Test
    void a_network_of_two_families_with_options_is_read() {
        // 28.5/03, 04 and 06 put together
        var request = read(Protocol.CREATE_NETWORK, """
                {"NetworkID":"n1","Options":{"com.docker.network.enable_ipv4":true,"com.docker.network.enable_ipv6":true,
                "com.docker.network.internal":true,"com.docker.network.generic":{"a":"b","flag":""}},
                "IPv4Data":[{"AddressSpace":"LocalDefault","Gateway":"10.50.0.1/16","Pool":"10.50.0.0/16",
                "AuxAddresses":{"r1":"10.50.0.9/16"}}],
                "IPv6Data":[{"AddressSpace":"LocalDefault","Gateway":"fd53::1/64","Pool":"fd53::/64"}]}
                """);
        assertThat(request)
                .isEqualTo(new CreateNetworkRequest(
                        "n1",
                        Map.of("a", "b", "flag", ""),
                        true,
                        true,
                        true,
                        List.of(new IpamData(
                                "LocalDefault",
                                Subnet.parse("10.50.0.0/16"),
                                Cidr.parse("10.50.0.1/16"),
                                Map.of("r1", Cidr.parse("10.50.0.9/16")))),
                        List.of(new IpamData(
                                "LocalDefault", Subnet.parse("fd53::/64"), Cidr.parse("fd53::1/64"), Map.of()))));
    }

    @Test
    void before_28_IPv4_is_always_on_and_the_null_IPAM_driver_gives_no_gateway() {
        // 20.10/07
        var request = read(Protocol.CREATE_NETWORK, """
                {"NetworkID":"9326","Options":{"com.docker.network.enable_ipv6":false,"com.docker.network.generic":{}},
                "IPv4Data":[{"AddressSpace":"null","Pool":"0.0.0.0/0"}],"IPv6Data":[]}
                """);
        assertThat(request.ipv4Enabled()).isTrue();
        assertThat(request.ipv6Enabled()).isFalse();
        assertThat(request.internal()).isFalse();
        assertThat(request.ipv4Data()).containsExactly(new IpamData("null", Subnet.parse("0.0.0.0/0"), null, Map.of()));
    }

    @Test
    void IPv4_can_be_off_and_lists_can_be_null() {
        var request = read(Protocol.CREATE_NETWORK, """
                {"NetworkID":"n","Options":{"com.docker.network.enable_ipv4":false},"IPv4Data":null,"IPv6Data":null}
                """);
        assertThat(request.ipv4Enabled()).isFalse();
        assertThat(request.ipv4Data()).isEmpty();
        assertThat(request.generic()).isEmpty();
    }

    @Test
    void an_endpoint_with_everything_is_read() {
        // 28.5/09, with the driver option of the same recording's last run
        var request = read(Protocol.CREATE_ENDPOINT, """
                {"NetworkID":"n","EndpointID":"e","Interface":{"Address":"10.53.0.99/24","AddressIPv6":"fd53::99/64",
                "MacAddress":"02:42:00:00:00:99"},"Options":{"com.docker.network.endpoint.dnsservers":["1.2.3.4"],
                "com.docker.network.endpoint.exposedports":[{"Proto":6,"Port":9000},{"Proto":17,"Port":80}],
                "com.docker.network.endpoint.macaddress":"AkIAAACZ","epk":"epv",
                "com.docker.network.portmap":[{"Proto":6,"IP":"","Port":80,"HostIP":"127.0.0.1","HostPort":8080,
                "HostPortEnd":8081}]}}
                """);
        assertThat(request)
                .isEqualTo(new CreateEndpointRequest(
                        new EndpointKey("n", "e"),
                        Cidr.parse("10.53.0.99/24"),
                        Cidr.parse("fd53::99/64"),
                        MacAddress.parse("02:42:00:00:00:99"),
                        new EndpointOptions(
                                List.of(new ExposedPort(6, 9000), new ExposedPort(17, 80)),
                                List.of(new PortBinding(6, 80, InetAddress.ofLiteral("127.0.0.1"), 8080, 8081)),
                                List.of("1.2.3.4"),
                                Map.of("epk", "epv"),
                                Map.of("com.docker.network.endpoint.macaddress", "AkIAAACZ"))));
    }

    @Test
    void an_endpoint_without_addresses_is_read() {
        var request = read(Protocol.CREATE_ENDPOINT, """
                {"NetworkID":"n","EndpointID":"e","Interface":{"Address":"","AddressIPv6":"","MacAddress":""},"Options":null}
                """);
        assertThat(request)
                .isEqualTo(
                        new CreateEndpointRequest(new EndpointKey("n", "e"), null, null, null, EndpointOptions.NONE));
    }

    @Test
    void unknown_fields_are_ignored() {
        assertThat(read(Protocol.LEAVE, "{\"EndpointID\":\"e\",\"New\":[{}],\"NetworkID\":\"n\"}"))
                .isEqualTo(new EndpointKey("n", "e"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"EndpointID":"e","SandboxKey":"s"}                  | the call's field NetworkID is missing
            {"NetworkID":"","EndpointID":"e","SandboxKey":"s"}   | the call's field NetworkID is missing
            {"NetworkID":null,"EndpointID":"e","SandboxKey":"s"} | the call's field NetworkID is missing
            {"NetworkID":"n","SandboxKey":"s"}                   | the call's field EndpointID is missing
            {"NetworkID":"n","EndpointID":"e"}                   | the call's field SandboxKey is missing
            {"NetworkID":7,"EndpointID":"e","SandboxKey":"s"}    | the call's field NetworkID is not text
            {"NetworkID":"n","EndpointID":"e","SandboxKey":"s","Options":[]} | the call's field Options is not an object
            {"NetworkID":"n","EndpointID":"e","SandboxKey":"s","Options":{"com.docker.network.portmap":[{"Port":"80"}]}} \
            | the call's field Options.com.docker.network.portmap[0].Port is not a number
            {"NetworkID":"n","EndpointID":"e","SandboxKey":"s","Options":{"com.docker.network.portmap":[7]}} \
            | the call's field Options.com.docker.network.portmap[0] is not an object
            {"NetworkID":"n","EndpointID":"e","SandboxKey":"s","Options":{"com.docker.network.portmap":[{"Port":12345678901}]}} \
            | the call's field Options.com.docker.network.portmap[0].Port is 12345678901, not a whole number from 0 to 65535
            {"NetworkID":"n","EndpointID":"e","SandboxKey":"s","Options":{"com.docker.network.portmap":[{"Proto":-6}]}} \
            | the call's field Options.com.docker.network.portmap[0].Proto is -6, not a whole number from 0 to 255
            {"NetworkID":"n","EndpointID":"e","SandboxKey":"s","Options":{"com.docker.network.portmap":[{"Port":80.5}]}} \
            | the call's field Options.com.docker.network.portmap[0].Port is 80.5, not a whole number from 0 to 65535
            {"NetworkID":"n","EndpointID":"e","SandboxKey":"s","Options":{"com.docker.network.endpoint.dnsservers":["a",null]}} \
            | the call's field Options.com.docker.network.endpoint.dnsservers[1] is not text
            """)
    void a_join_that_no_engine_sends_is_refused_naming_the_field(String body, String message) {
        assertThatThrownBy(() -> read(Protocol.JOIN, body))
                .isInstanceOf(MalformedJson.class)
                .hasMessage(message);
    }

    @Test
    void a_wrong_address_is_quoted_with_its_place() {
        assertThatThrownBy(() -> read(Protocol.CREATE_NETWORK, """
                        {"NetworkID":"n","IPv4Data":[{"Pool":"10.0.0.0/8"},{"Pool":"ten"}]}"""))
                .hasMessage("the call's field IPv4Data[1].Pool is wrong: 'ten' is not an address with a prefix length, "
                        + "such as 10.0.0.5/24");
        assertThatThrownBy(() -> read(Protocol.CREATE_NETWORK, "{\"NetworkID\":\"n\",\"IPv4Data\":[{}]}"))
                .hasMessage("the call's field IPv4Data[0].Pool is missing");
    }

    @Test
    void what_is_not_a_JSON_object_is_said_to_be_none() {
        assertThatThrownBy(() -> read(Protocol.JOIN, "{\"NetworkID\":"))
                .isInstanceOf(MalformedJson.class)
                .hasMessage("the call's body is not a JSON object: it ends where a value is needed");
    }

    @Test
    void a_long_value_or_one_of_several_lines_is_not_repeated_as_it_is() {
        assertThatThrownBy(() -> read(
                        Protocol.CREATE_ENDPOINT,
                        "{\"NetworkID\":\"n\",\"EndpointID\":\"e\",\"Interface\":{\"Address\":\"" + "9".repeat(5000)
                                + "\"}}"))
                .hasMessage("the call's field Interface.Address is wrong: '" + "9".repeat(64) + "…' (5000 characters)");
        assertThatThrownBy(() -> read(Protocol.CREATE_NETWORK, """
                        {"NetworkID":"n","IPv4Data":[{"Pool":"10.0.0.0/8","AuxAddresses":{"a\\nb":"\\u001b[2J"}}]}"""))
                .hasMessage("the call's field 'IPv4Data[0].AuxAddresses.a\\u000ab' is wrong: '\\u001b[2J'");
    }

    @Test
    void a_field_of_free_data_may_be_null() {
        assertThat(read(
                        Protocol.DISCOVER_NEW,
                        "{\"DiscoveryType\":1,\"DiscoveryData\":{\"Self\":null,\"Address\":\"10.0.0.1\"}}"))
                .isEqualTo(new Discovery(1, Map.of("Address", "10.0.0.1")));
    }

    @Test
    void a_join_is_answered_with_all_that_was_given() {
        var reply = JoinReply.link("veth1")
                .withGateway(InetAddress.ofLiteral("10.0.0.1"))
                .withGateway(InetAddress.ofLiteral("fd00::1"))
                .withRoute(new StaticRoute(Subnet.parse("10.9.0.0/16"), InetAddress.ofLiteral("10.0.0.7")))
                .withRoute(new StaticRoute(Subnet.parse("10.8.0.0/16"), null))
                .withNamePrefix("net")
                .withoutGatewayService();
        assertThat(json(write(Protocol.JOIN, reply)))
                .isEqualTo(JsonMapper.builder().build().fromJsonObject("""
                {"InterfaceName":{"SrcName":"veth1","DstPrefix":"net"},"Gateway":"10.0.0.1","GatewayIPv6":"fd00::1",
                "StaticRoutes":[{"Destination":"10.9.0.0/16","RouteType":0,"NextHop":"10.0.0.7"},
                {"Destination":"10.8.0.0/16","RouteType":1}],"DisableGatewayService":true}"""));
    }

    @Test
    void what_was_not_given_is_not_answered() {
        assertThat(write(Protocol.JOIN, (JoinReply.withoutLink()))).isEqualTo("{}");
        assertThat(json(write(Protocol.JOIN, JoinReply.link("v").withGateway(null))))
                .isEqualTo(Map.of("InterfaceName", Map.of("SrcName", "v", "DstPrefix", "eth")));
        assertThat(write(Protocol.CREATE_ENDPOINT, (CreateEndpointReply.UNCHANGED)))
                .isEqualTo("{}");
        assertThat(write(Protocol.CREATE_ENDPOINT, (CreateEndpointReply.mac(MacAddress.parse("02:00:00:00:00:01")))))
                .isEqualTo("{\"Interface\":{\"MacAddress\":\"02:00:00:00:00:01\"}}");
    }

    @Test
    void addresses_that_the_driver_chose_are_answered() {
        var reply = new CreateEndpointReply(Cidr.parse("10.0.0.5/24"), Cidr.parse("fd00::5/64"), null);
        assertThat(json(write(Protocol.CREATE_ENDPOINT, reply)))
                .isEqualTo(Map.of("Interface", Map.of("Address", "10.0.0.5/24", "AddressIPv6", "fd00::5/64")));
    }

    private static <Q> Q read(Call<Q, ?> call, String body) {
        return call.read(body);
    }

    private static <A> String write(Call<?, A> call, A answer) {
        return Json.write(call.reply().write().apply(answer));
    }

    private static Map<String, Object> json(String body) {
        return JsonMapper.builder().build().fromJsonObject(body);
    }
}
