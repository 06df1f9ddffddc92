package dev.weft.benchmarks;

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

/// A plugin that does nothing, as `peer noop` in Go: what is left is the cost of a call.
final class NoopPlugin implements NetworkDriver {
    private NoopPlugin() {}

    /// @param socket one argument: the socket to serve on
    static void main(String... socket) throws IOException {
        PluginServer.start(Path.of(socket[0]), new NoopPlugin());
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
        return JoinReply.link("in-" + request.endpoint().endpointId().substring(0, 12));
    }
}
