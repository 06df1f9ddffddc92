package dev.weft.plugin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.plugin.*;
import dev.weft.plugin.wire.Protocol;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RoutesTest {
    private final RecordingDriver networks = new RecordingDriver();
    private final RecordingIpam addresses = new RecordingIpam();

    @Test
    void a_plugin_of_both_roles_has_every_call() {
        var routes = new Routes(Plugin.of(networks, addresses));
        assertThat(Protocol.CALLS).allMatch(call -> routes.has(call.path()));
        assertThat(routes.call("/Plugin.Activate", ""))
                .isEqualTo("{\"Implements\":[\"NetworkDriver\",\"IpamDriver\"]}");
    }

    @Test
    void a_plugin_has_the_calls_of_its_roles_alone() {
        var onlyNetworks = new Routes(Plugin.of(networks));
        var onlyAddresses = new Routes(Plugin.of(addresses));
        assertThat(onlyNetworks.call("/Plugin.Activate", "")).isEqualTo("{\"Implements\":[\"NetworkDriver\"]}");
        assertThat(onlyAddresses.call("/Plugin.Activate", "")).isEqualTo("{\"Implements\":[\"IpamDriver\"]}");
        for (var call : Protocol.CALLS) {
            assertThat(onlyNetworks.has(call.path())).isEqualTo(!call.path().startsWith("/IpamDriver"));
            assertThat(onlyAddresses.has(call.path())).isEqualTo(!call.path().startsWith("/NetworkDriver"));
        }
    }

    @Test
    void a_call_that_needs_a_body_and_comes_without_one_is_a_resend_and_never_reaches_the_driver() {
        var routes = new Routes(Plugin.of(networks, addresses));
        for (var call : Protocol.CALLS) {
            if (call.hasBody()) {
                assertThatThrownBy(() -> routes.call(call.path(), ""))
                        .as(call.path())
                        .hasMessageContaining("the call came without a body");
            } else {
                assertThat(routes.call(call.path(), "")).startsWith("{");
            }
        }
        assertThat(networks.asked).isEmpty();
        assertThat(addresses.asked).isEmpty();
    }

    @Test
    void a_driver_that_answers_null_is_told_so() {
        var forgetful = new RecordingDriver() {
            @Override
            public JoinReply join(JoinRequest request) {
                return null;
            }
        };
        assertThatThrownBy(() -> new Routes(Plugin.of(forgetful))
                        .call(
                                "/NetworkDriver.Join",
                                "{\"NetworkID\":\"n\",\"EndpointID\":\"e\",\"SandboxKey\":\"/s\",\"Options\":{}}"))
                .hasMessage("the driver answered null to /NetworkDriver.Join");
    }

    @Test
    void the_calls_of_an_IPAM_driver_reach_it_and_are_answered() {
        var routes = new Routes(Plugin.of(addresses));
        assertThat(routes.call("/IpamDriver.GetCapabilities", ""))
                .isEqualTo("{\"RequiresMACAddress\":false,\"RequiresRequestReplay\":false}");
        assertThat(routes.call("/IpamDriver.GetDefaultAddressSpaces", ""))
                .isEqualTo("{\"LocalDefaultAddressSpace\":\"here\",\"GlobalDefaultAddressSpace\":\"everywhere\"}");
        assertThat(
                        routes.call(
                                "/IpamDriver.RequestPool",
                                "{\"AddressSpace\":\"here\",\"Pool\":\"\",\"SubPool\":\"\",\"Options\":{\"a\":\"b\"},\"V6\":true}"))
                .isEqualTo("{\"PoolID\":\"p1\",\"Pool\":\"10.7.0.0/16\",\"Data\":{}}");
        assertThat(
                        routes.call(
                                "/IpamDriver.RequestAddress",
                                "{\"PoolID\":\"p1\",\"Address\":\"\",\"Options\":{\"RequestAddressType\":\"com.docker.network.gateway\"}}"))
                .isEqualTo("{\"Address\":\"10.7.0.2/16\"}");
        routes.call("/IpamDriver.ReleaseAddress", "{\"PoolID\":\"p1\",\"Address\":\"10.7.0.2\"}");
        routes.call("/IpamDriver.ReleasePool", "{\"PoolID\":\"p1\"}");
        assertThat(addresses.asked)
                .containsExactly(
                        new PoolRequest("here", null, null, Map.of("a", "b"), true),
                        new AddressRequest("p1", null, true, null, Map.of()),
                        new AddressKey("p1", InetAddress.ofLiteral("10.7.0.2")),
                        "p1");
    }

    @Test
    void what_a_network_driver_does_not_need_has_an_answer_already() {
        var routes = new Routes(Plugin.of(networks));
        assertThat(routes.call(
                        "/NetworkDriver.AllocateNetwork",
                        "{\"NetworkID\":\"n\",\"Options\":{\"k\":\"v\"},\"IPv4Data\":null,\"IPv6Data\":null}"))
                .as("the options replace the user's, so they are given back")
                .isEqualTo("{\"Options\":{\"k\":\"v\"}}");
        assertThat(routes.call("/NetworkDriver.FreeNetwork", "{\"NetworkID\":\"n\"}"))
                .isEqualTo("{}");
        assertThat(routes.call("/NetworkDriver.GwAllocCheck", "{\"Options\":{}}"))
                .isEqualTo("{\"SkipIPv4\":false,\"SkipIPv6\":false}");
        for (var path : List.of("/NetworkDriver.DiscoverNew", "/NetworkDriver.DiscoverDelete")) {
            assertThat(routes.call(path, "{\"DiscoveryType\":1,\"DiscoveryData\":{\"Address\":\"10.0.0.1\"}}"))
                    .isEqualTo("{}");
        }
    }
}
