package dev.weft.plugin.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.server.PluginServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When links are moved, between the calls of a plugin that is served.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LinkMovesTest {
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private Optional<String> trouble = Optional.empty();
    private PluginServer server;
    private EngineClient client;
    private DockerCommands docker;

    @BeforeEach
    void serve(@TempDir Path folder) throws IOException {
        var socket = folder.resolve("p.sock");
        server = PluginServer.start(socket, new Driver());
        client = EngineClient.of(EngineVersion.V28_5, new PluginAddress.Unix(socket));
        docker = new DockerCommands(client, new Moves());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private final class Driver implements NetworkDriver {
        @Override
        public void createNetwork(CreateNetworkRequest request) {}

        @Override
        public void deleteNetwork(String networkId) {}

        @Override
        public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
            return CreateEndpointReply.UNCHANGED;
        }

        @Override
        public void deleteEndpoint(EndpointKey endpoint) {
            heard.add("DeleteEndpoint");
        }

        @Override
        public JoinReply join(JoinRequest request) {
            heard.add("Join " + request.sandboxKey());
            return JoinReply.link("veth1");
        }

        @Override
        public void leave(EndpointKey endpoint) {
            heard.add("Leave");
        }
    }

    private final class Moves implements LinkMoves {
        @Override
        public void open(String sandboxKey) {
            heard.add("open " + sandboxKey);
        }

        @Override
        public void close(String sandboxKey) {
            heard.add("close " + sandboxKey);
        }

        @Override
        public Optional<String> moveIn(Endpoint endpoint, String sandboxKey) {
            heard.add(endpoint.joined().sourceName() + " into " + sandboxKey);
            return trouble;
        }

        @Override
        public void moveOut(Endpoint endpoint, String sandboxKey) {
            heard.add(endpoint.joined().sourceName() + " out of " + sandboxKey);
        }
    }

    @Test
    void a_link_goes_in_after_its_join_and_comes_out_after_its_leave() {
        var container = docker.run("c1", docker.networkCreate(NetworkSettings.named("n1")));
        docker.stop(container);
        var sandbox = heard.getFirst().substring("open ".length());
        assertThat(sandbox).matches("/var/run/docker/netns/[0-9a-f]{12}");
        assertThat(heard)
                .containsExactly(
                        "open " + sandbox,
                        "Join " + sandbox,
                        "veth1 into " + sandbox,
                        "Leave",
                        "veth1 out of " + sandbox,
                        "DeleteEndpoint",
                        "close " + sandbox);
    }

    @Test
    void one_that_cannot_go_in_fails_the_start_and_its_endpoint_leaves() {
        trouble = Optional.of("no link veth1");
        var network = docker.networkCreate(NetworkSettings.named("n1"));
        assertThatThrownBy(() -> docker.run("c1", network))
                .isInstanceOf(CommandFailed.class)
                .hasMessage("failed to set up container networking: failed to add interface to sandbox: no link veth1");
        var sandbox = heard.getFirst().substring("open ".length());
        assertThat(heard)
                .containsExactly(
                        "open " + sandbox,
                        "Join " + sandbox,
                        "veth1 into " + sandbox,
                        "Leave",
                        "veth1 out of " + sandbox,
                        "DeleteEndpoint",
                        "close " + sandbox);
    }
}
