package dev.weft.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.ipam.OwnBlocks;
import dev.weft.ipam.WeftIpam;
import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.AddressSpaces;
import dev.weft.plugin.Capabilities;
import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.PoolReply;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.Refusal;
import dev.weft.state.Registry;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GateTest {
    private static final EndpointKey KEY = new EndpointKey("n", "e");
    private static final JoinRequest JOIN = new JoinRequest(KEY, "/sandbox", EndpointOptions.NONE);

    private static final IpamData POOL =
            new IpamData("weft-local", Subnet.parse("10.5.0.0/24"), Cidr.parse("10.5.0.1/24"), Map.of());

    @TempDir
    Path folder;

    private final Gate gate = new Gate(Capabilities.LOCAL);
    private Registry registry;
    private WeftIpam ipam;

    @BeforeEach
    void openRegistry() {
        registry = Registry.open(folder);
        ipam = new WeftIpam(registry, List.of(), List.of(), List::of, OwnBlocks.NONE, network -> false);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    /// Remembers which calls have come.
    private static final class Driver implements NetworkDriver {
        final List<String> calls = new ArrayList<>();

        @Override
        public void createNetwork(CreateNetworkRequest request) {
            calls.add("createNetwork");
        }

        @Override
        public void deleteNetwork(String networkId) {
            calls.add("deleteNetwork");
        }

        @Override
        public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
            calls.add("createEndpoint");
            return CreateEndpointReply.UNCHANGED;
        }

        @Override
        public void deleteEndpoint(EndpointKey endpoint) {
            calls.add("deleteEndpoint");
        }

        @Override
        public JoinReply join(JoinRequest request) {
            calls.add("join");
            return JoinReply.link("weft-1");
        }

        @Override
        public void leave(EndpointKey endpoint) {
            calls.add("leave");
        }

        @Override
        public Map<String, Object> endpointOperInfo(EndpointKey endpoint) {
            calls.add("endpointOperInfo");
            return Map.of("some", "fact");
        }
    }

    @Test
    void open_it_hands_every_call_on() {
        var driver = new Driver();
        gate.open(driver, ipam);
        gate.createNetwork(new CreateNetworkRequest("n", Map.of(), false, true, false, List.of(), List.of()));
        gate.createEndpoint(new CreateEndpointRequest(KEY, null, null, null, EndpointOptions.NONE));
        assertThat(gate.join(JOIN)).isEqualTo(JoinReply.link("weft-1"));
        assertThat(gate.endpointOperInfo(KEY)).isEqualTo(Map.of("some", "fact"));
        gate.leave(KEY);
        gate.deleteEndpoint(KEY);
        gate.deleteNetwork("n");
        assertThat(driver.calls)
                .containsExactly(
                        "createNetwork",
                        "createEndpoint",
                        "join",
                        "endpointOperInfo",
                        "leave",
                        "deleteEndpoint",
                        "deleteNetwork");
    }

    @Test
    void addresses_are_of_the_ipam_driver() {
        gate.open(new Driver(), ipam);
        assertThat(gate.defaultAddressSpaces()).isEqualTo(new AddressSpaces("weft-local", "weft-global"));
        var subnet = Subnet.parse("10.5.0.0/24");
        assertThat(gate.requestPool(new PoolRequest("weft-local", subnet, null, Map.of(), false)))
                .isEqualTo(new PoolReply("weft-local/10.5.0.0/24", subnet));
        assertThat(gate.requestAddress(new AddressRequest("weft-local/10.5.0.0/24", null, true, null, Map.of())))
                .isEqualTo(Cidr.parse("10.5.0.1/24"));
        gate.releaseAddress(
                new AddressKey("weft-local/10.5.0.0/24", POOL.gateway().address()));
        assertThat(registry.addressesOf("weft-local/10.5.0.0/24")).isEmpty();
        gate.releasePool("weft-local/10.5.0.0/24");
        assertThat(registry.pools()).isEmpty();
    }

    @Test
    void it_hands_on_every_call_that_the_real_driver_answers() {
        var answered = Arrays.stream(dev.weft.drivers.WeftDriver.class.getDeclaredMethods())
                .map(Method::getName)
                .toList();
        var calls = Arrays.stream(NetworkDriver.class.getMethods()).map(Method::getName);
        assertThat(calls.filter(answered::contains))
                .isSubsetOf(Arrays.stream(Gate.class.getDeclaredMethods())
                        .map(Method::getName)
                        .toList());
    }

    @Test
    void a_call_that_comes_early_waits_until_it_opens() throws Exception {
        var waiting = new CountDownLatch(1);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var early = callers.submit(() -> {
                waiting.countDown();
                return gate.join(JOIN);
            });
            waiting.await();
            gate.open(new Driver(), ipam);
            assertThat(early.get()).isEqualTo(JoinReply.link("weft-1"));
        }
    }

    @Test
    void shut_it_refuses_every_call_with_the_reason() {
        gate.shut("the Weft agent cannot work: the disk is gone.");
        assertThatThrownBy(() -> gate.join(JOIN))
                .isInstanceOf(Refusal.class)
                .hasMessage("the Weft agent cannot work: the disk is gone.");
    }
}
