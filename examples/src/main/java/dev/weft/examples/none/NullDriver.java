package dev.weft.examples.none;

import dev.weft.plugin.*;
import dev.weft.plugin.server.PluginServer;
import java.nio.file.Path;

/// Served on `/run/docker/plugins/NAME.sock`: containers on a network made with `docker network create -d NAME` have
/// what the engine adds by itself, a way out and published ports, and with `--internal` nothing but their loopback.
public class NullDriver implements NetworkDriver {
    public static void main(String... socket) throws Exception {
        var server = PluginServer.start(Path.of(socket[0]), new NullDriver());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    }

    @Override
    public void createNetwork(CreateNetworkRequest request) {}

    @Override
    public void deleteNetwork(String networkId) {}

    @Override
    public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
        return CreateEndpointReply.UNCHANGED;
    }

    @Override
    public void deleteEndpoint(EndpointKey endpoint) {}

    @Override
    public JoinReply join(JoinRequest request) {
        return JoinReply.withoutLink();
    }
}
