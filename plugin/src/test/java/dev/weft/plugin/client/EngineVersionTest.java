package dev.weft.plugin.client;

import static dev.weft.plugin.client.EngineVersion.V26_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Engine 26.1, which goes now with the older, now with the newer one. (Those two are compared with recordings.)
@DisplayNameGeneration(ReplaceUnderscores.class)
class EngineVersionTest {
    @Test
    void as_28_5_it_names_the_plugin_in_Host_and_has_global_networks_without_swarm() {
        assertThat(V26_1.hostOnUnixSockets()).isEqualTo("plugin.moby.localhost");
        assertThat(V26_1.hasGlobalNetworksWithoutSwarm()).isTrue();
        assertThat(V26_1.asksAddressSpacesAtActivation()).isFalse();
    }

    @Test
    void as_20_10_it_asks_OperInfo_within_a_join_and_leaves_the_gateway_to_a_hook() {
        assertThat(V26_1.operInfoIsPartOfJoin()).isTrue();
        assertThat(V26_1.asksOperInfoBesideGatewayBridge()).isFalse();
        assertThat(V26_1.leavesAfterUnusableJoin()).isFalse();
        assertThat(V26_1.setsGatewayItself()).isFalse();
        assertThat(V26_1.namesLinkedEndpoints()).isTrue();
    }

    @Test
    void as_20_10_it_has_no_GwAllocCheck_no_default_IPv6_pools_and_no_network_without_IPv4() {
        assertThat(V26_1.asksGatewayAllocCheck()).isFalse();
        assertThat(V26_1.asksAddressSpacesForEachFamily()).isFalse();
        assertThat(V26_1.hasDefaultIpv6Pools()).isFalse();
        assertThat(V26_1.canTurnIpv4Off()).isFalse();
        assertThat(V26_1.emptyPool()).isEqualTo("invalid CIDR address: ");
        assertThat(V26_1.noAddress()).isEqualTo("No address returned");
    }
}
