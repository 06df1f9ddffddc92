package dev.weft.plugintest;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.AddressSpaces;
import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.IpamDriver;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.Plugin;
import dev.weft.plugin.PoolReply;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.Refusal;
import dev.weft.plugin.client.EngineVersion;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class ProtocolChecksTest {
    private static final CreateNetworkRequest NETWORK =
            new CreateNetworkRequest("n", Map.of(), false, true, false, List.of(), List.of());
    private static final CreateEndpointRequest ENDPOINT =
            new CreateEndpointRequest(new EndpointKey("n", "e"), null, null, null, EndpointOptions.NONE);
    private static final PoolRequest POOL =
            new PoolRequest("local", Subnet.parse("10.1.0.0/24"), null, Map.of(), false);

    @RegisterExtension
    final PluginExtension sound = PluginExtension.serving(() -> Plugin.of(new OneNetworkDriver(), new OneAddress()));

    @RegisterExtension
    final PluginExtension faulty =
            PluginExtension.serving(() -> Plugin.of(new ForgetfulDriver(), new UnwillingAddress()));

    @RegisterExtension
    final PluginExtension onlyNetworks = PluginExtension.serving(() -> Plugin.of(new OneNetworkDriver()));

    @RegisterExtension
    final PluginExtension restless = PluginExtension.serving(() -> Plugin.of(new RestlessDriver()));

    /// Makes another link at each Join.
    private static final class RestlessDriver extends OneNetworkDriver {
        private int joins;

        @Override
        public JoinReply join(JoinRequest request) {
            return JoinReply.link("veth" + ++joins);
        }
    }

    /// Gives 10.1.0.2, to whom it may concern.
    private static class OneAddress implements IpamDriver {
        @Override
        public AddressSpaces defaultAddressSpaces() {
            return new AddressSpaces("local", "global");
        }

        @Override
        public PoolReply requestPool(PoolRequest request) {
            return new PoolReply("p", Subnet.parse("10.1.0.0/24"));
        }

        @Override
        public void releasePool(String poolId) {}

        @Override
        public Cidr requestAddress(AddressRequest request) {
            return Cidr.parse("10.1.0.2/24");
        }

        @Override
        public void releaseAddress(AddressKey address) {}
    }

    /// Refuses deletes of what it does not know, and answers another MAC at each call.
    private static final class ForgetfulDriver extends OneNetworkDriver {
        @Override
        public void deleteNetwork(String networkId) {
            if (!networks.remove(networkId)) {
                throw new Refusal("no such network");
            }
        }

        @Override
        public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
            endpoints.remove(request.endpoint());
            endpoints.put(new EndpointKey("n", "e" + endpoints.size()), new MacAddress(1));
            return super.createEndpoint(request);
        }
    }

    /// Refuses an address that it has given already.
    private static final class UnwillingAddress extends OneAddress {
        @Override
        public Cidr requestAddress(AddressRequest request) {
            InetAddress wanted = request.address();
            if (wanted != null) {
                throw new Refusal("10.1.0.2 is taken");
            }
            return super.requestAddress(request);
        }
    }

    @Test
    void a_sound_plugin_passes() {
        var engine = sound.engine(EngineVersion.V28_5);
        ProtocolChecks.verifyNetworks(engine, NETWORK, ENDPOINT);
        ProtocolChecks.verifyAddresses(engine, POOL);
    }

    @Test
    void all_faults_of_a_driver_are_named() {
        var engine = faulty.engine(EngineVersion.V28_5);
        assertThatThrownBy(() -> ProtocolChecks.verifyNetworks(engine, NETWORK, ENDPOINT))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("this plugin does not bear what engines do:\n")
                .hasMessageContaining("- DeleteNetwork of an unknown network failed: remote: no such network")
                .hasMessageContaining("- DeleteNetwork once more failed: remote: no such network")
                .hasMessageContaining("- CreateEndpoint was answered CreateEndpointReply[");
        assertThatThrownBy(() -> ProtocolChecks.verifyAddresses(engine, POOL))
                .hasMessage("this plugin does not bear what engines do:\n"
                        + "- RequestAddress of what is given failed: remote: 10.1.0.2 is taken");
    }

    @Test
    void a_role_that_a_plugin_has_not_is_said_in_one_line() {
        var engine = onlyNetworks.engine(EngineVersion.V28_5);
        assertThatThrownBy(() -> ProtocolChecks.verifyAddresses(engine, POOL))
                .hasMessage("this plugin does not bear what engines do:\n"
                        + "- this plugin is no IpamDriver: Plugin.Activate was answered [NetworkDriver]");
    }

    @Test
    void a_driver_that_links_anew_when_it_is_asked_again_is_named() {
        var engine = restless.engine(EngineVersion.V28_5);
        assertThatThrownBy(() -> ProtocolChecks.verifyNetworks(engine, NETWORK, ENDPOINT))
                .hasMessageContaining("- Join was answered JoinReply[sourceName=veth1,");
    }

    @Test
    void a_driver_that_takes_a_call_without_a_body_is_named() throws Exception {
        try (var careless = new CarelessPlugin();
                var engine = careless.engine()) {
            assertThatThrownBy(() -> ProtocolChecks.verifyAddresses(engine, POOL))
                    .hasMessageContaining(
                            "- RequestPool without a body was answered {\"Implements\":[\"IpamDriver\"],\"PoolID\":\"p\"");
        }
    }
}
