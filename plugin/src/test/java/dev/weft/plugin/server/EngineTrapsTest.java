package dev.weft.plugin.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.plugin.*;
import dev.weft.plugin.client.CallFailed;
import dev.weft.plugin.client.CommandFailed;
import dev.weft.plugin.client.Container;
import dev.weft.plugin.client.DockerCommands;
import dev.weft.plugin.client.EndpointSettings;
import dev.weft.plugin.client.EngineClient;
import dev.weft.plugin.client.EngineVersion;
import dev.weft.plugin.client.Network;
import dev.weft.plugin.client.NetworkSettings;
import dev.weft.plugin.client.NetworkSettings.Ipam;
import dev.weft.plugin.client.PluginAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What engines do that plugins stumble over, against a real server.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class EngineTrapsTest {
    private static final Logger LOG = Logger.getLogger(Calls.class.getName());
    private static final PoolRequest POOL = new PoolRequest("local", null, null, Map.of(), false);

    @TempDir
    private Path folder;

    private Path socket;
    /// Ends [#hang].
    private final CountDownLatch freed = new CountDownLatch(1);

    @BeforeEach
    void prepare() {
        socket = folder.resolve("rec.sock");
        LOG.setLevel(Level.OFF);
    }

    @AfterEach
    void logAgain() {
        LOG.setLevel(null);
    }

    private PluginServer serve(Plugin plugin) throws IOException {
        return PluginServer.start(new PluginSocket.Unix(socket), plugin, PluginOptions.DEFAULT);
    }

    private EngineClient client(EngineVersion engine) {
        return EngineClient.of(engine, new PluginAddress.Unix(socket));
    }

    /// Gives 10.1.0.N from 10.1.0.0/24, or refuses everything.
    private static final class Addresses implements IpamDriver {
        private final boolean willing;
        private int given;

        Addresses(boolean willing) {
            this.willing = willing;
        }

        @Override
        public AddressSpaces defaultAddressSpaces() {
            return new AddressSpaces("local", "global");
        }

        @Override
        public PoolReply requestPool(PoolRequest request) {
            if (!willing) {
                throw new Refusal("no pool");
            }
            return new PoolReply("p", Subnet.parse("10.1.0.0/24"));
        }

        @Override
        public void releasePool(String poolId) {}

        @Override
        public synchronized Cidr requestAddress(AddressRequest request) {
            return new Cidr(InetAddress.ofLiteral("10.1.0." + ++given), 24);
        }

        @Override
        public void releaseAddress(AddressKey address) {}
    }

    @Test
    void Implements_lists_what_is_served_and_nothing_else_is_there() throws IOException {
        try (var engine = client(EngineVersion.V28_5)) {
            try (var _ = serve(Plugin.of(new RecordingDriver()))) {
                assertThat(engine.activate()).containsExactly("NetworkDriver");
                assertThatThrownBy(() -> engine.requestPool(POOL))
                        .hasMessage("IpamDriver.RequestPool: this plugin has no call /IpamDriver.RequestPool");
                assertThatThrownBy(engine::ipamCapabilities)
                        .isInstanceOfSatisfying(
                                CallFailed.class,
                                failure -> assertThat(failure.status()).isEqualTo(404));
            }
            try (var _ = serve(Plugin.of(new Addresses(true)))) {
                assertThat(engine.activate()).containsExactly("IpamDriver");
                assertThatThrownBy(engine::capabilities)
                        .isInstanceOfSatisfying(
                                CallFailed.class,
                                failure -> assertThat(failure.status()).isEqualTo(404));
            }
            try (var _ = serve(Plugin.of(new RecordingDriver(), new Addresses(true)))) {
                assertThat(engine.activate()).containsExactly("NetworkDriver", "IpamDriver");
            }
        }
    }

    /// Network errors are read from `Err`, those of IPAM from `Error`, those with an error status from `Err` (facts
    /// 1.7).
    @ParameterizedTest
    @EnumSource
    void a_refusal_is_seen_by_every_engine_in_both_roles(EngineVersion version) throws IOException {
        var driver = new RecordingDriver() {
            @Override
            public JoinReply join(JoinRequest request) {
                throw new Refusal("no join");
            }
        };
        try (var _ = serve(Plugin.of(driver, new Addresses(false)));
                var engine = client(version)) {
            assertThatThrownBy(() -> engine.requestPool(POOL)).hasMessage("remote: no pool");
            assertThatThrownBy(
                            () -> engine.join(new JoinRequest(new EndpointKey("n", "e"), "/s", EndpointOptions.NONE)))
                    .hasMessage("remote: no join");
            assertThatThrownBy(() -> engine.post("/IpamDriver.RequestAddress", "{}"))
                    .hasMessage("IpamDriver.RequestAddress: the call's field PoolID is missing");
        }
    }

    /// Facts 1.1: how a call is repeated whose connection died.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/IpamDriver.RequestPool",
                "/IpamDriver.ReleasePool",
                "/IpamDriver.RequestAddress",
                "/IpamDriver.ReleaseAddress",
                "/NetworkDriver.AllocateNetwork",
                "/NetworkDriver.FreeNetwork",
                "/NetworkDriver.GwAllocCheck",
                "/NetworkDriver.DiscoverNew",
                "/NetworkDriver.DiscoverDelete"
            })
    void a_repeat_without_a_body_is_refused_at_once(String path) throws IOException {
        try (var _ = serve(Plugin.of(new RecordingDriver(), new Addresses(true)));
                var engine = client(EngineVersion.V28_5)) {
            assertThatThrownBy(() -> engine.post(path, ""))
                    .hasMessage(path.substring(1) + ": the call came without a body, as engines repeat a call that the "
                            + "plugin left unanswered. Run the docker command again.");
        }
    }

    @Test
    void unknown_fields_are_ignored_and_what_is_not_JSON_is_400() throws IOException {
        var driver = new RecordingDriver();
        try (var _ = serve(Plugin.of(driver));
                var engine = client(EngineVersion.V28_5)) {
            assertThat(engine.post(
                            "/NetworkDriver.Leave", "{\"NetworkID\":\"n\",\"New\":{\"a\":[1]},\"EndpointID\":\"e\"}"))
                    .isEqualTo("{}");
            assertThat(driver.asked).containsExactly(new EndpointKey("n", "e"));
            for (var body : List.of("<html>", "[]", "{\"NetworkID\":", "{\"NetworkID\":7,\"EndpointID\":\"e\"}")) {
                assertThatThrownBy(() -> engine.post("/NetworkDriver.Leave", body))
                        .isInstanceOfSatisfying(
                                CallFailed.class,
                                failure -> assertThat(failure.status()).isEqualTo(400));
            }
        }
    }

    /// Facts 1.12: 20.10 sends an empty Host; some clients none at all.
    @ParameterizedTest
    @ValueSource(strings = {"Host: \r\n", "", "Host: plugin.moby.localhost\r\n"})
    void any_Host_or_none_is_taken(String host) throws IOException {
        var bytes = "POST /Plugin.Activate HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n";
        try (var _ = serve(Plugin.of(new RecordingDriver()));
                var connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            connection.write(ByteBuffer.wrap(bytes.getBytes(UTF_8)));
            var answer = ByteBuffer.allocate(1000);
            while (!new String(answer.array(), 0, answer.position(), UTF_8).endsWith("}")) {
                assertThat(connection.read(answer)).isPositive();
            }
            assertThat(new String(answer.array(), UTF_8)).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    /// Facts 1.10.
    @ParameterizedTest
    @EnumSource
    void after_a_refused_Join_the_endpoint_is_deleted_without_Leave(EngineVersion version) throws IOException {
        var driver = new RecordingDriver() {
            @Override
            public JoinReply join(JoinRequest request) {
                asked.add("join");
                throw new Refusal("no join");
            }

            @Override
            public void leave(EndpointKey endpoint) {
                asked.add("leave");
            }
        };
        try (var _ = serve(Plugin.of(driver));
                var engine = client(version)) {
            var docker = new DockerCommands(engine);
            var network = docker.networkCreate(NetworkSettings.named("n1"));
            assertThatThrownBy(() -> docker.run("c1", network)).isInstanceOf(CommandFailed.class);
            assertThat(driver.asked.subList(2, driver.asked.size()))
                    .hasSize(2)
                    .startsWith("join")
                    .last()
                    .isInstanceOf(EndpointKey.class);
        }
    }

    /// Facts 2: a restarted plugin is not activated again, and the engine's kept connection has gone stale.
    @ParameterizedTest
    @EnumSource
    void a_restarted_plugin_goes_on_with_the_next_call(EngineVersion version) throws IOException {
        var driver = new RecordingDriver();
        try (var engine = client(version)) {
            var docker = new DockerCommands(engine);
            Network network;
            Container container;
            try (var _ = serve(Plugin.of(driver, new Addresses(true)))) {
                network = docker.networkCreate(NetworkSettings.named("n1").withIpam(Ipam.PLUGIN));
                container = docker.run("c1", network);
            }
            driver.asked.clear();
            try (var _ = serve(Plugin.of(driver, new Addresses(true)))) {
                docker.stop(container);
                docker.networkRemove(network);
            }
            assertThat(docker.logged()).isEmpty();
            var key = driver.asked.getFirst();
            assertThat(driver.asked).containsExactly(key, key, network.id());
        }
    }

    /// Facts 1.2: engines wait for ever, so the plugin must answer.
    @Test
    void a_driver_that_hangs_fails_the_command_in_time() throws IOException {
        var driver = new RecordingDriver() {
            @Override
            public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
                hang();
                return CreateEndpointReply.UNCHANGED;
            }
        };
        var options = PluginOptions.DEFAULT.withCallDeadline(Duration.ofMillis(50));
        try (var _ = PluginServer.start(new PluginSocket.Unix(socket), Plugin.of(driver), options);
                var engine = client(EngineVersion.V28_5)) {
            var docker = new DockerCommands(engine);
            var network = docker.networkCreate(NetworkSettings.named("n1"));
            assertThatThrownBy(() -> docker.run("c1", network, EndpointSettings.NONE))
                    .hasMessage("failed to set up container networking: failed to create endpoint c1 on network n1: "
                            + "NetworkDriver.CreateEndpoint: the plugin was not done after 50 ms and goes on with it. "
                            + "See the plugin's log, and run the command again.");
            freed.countDown();
        }
    }

    private void hang() {
        try {
            freed.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
