package dev.weft.benchmarks;

import dev.weft.netlink.Bridge;
import dev.weft.netlink.Link;
import dev.weft.netlink.LinkChange;
import dev.weft.netlink.LinkSpec;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.netlink.Veth;
import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.Refusal;
import dev.weft.plugin.server.PluginServer;
import java.io.IOException;
import java.nio.file.Path;

/// A bridge for each network and a cable to it for each endpoint: the same requests to the kernel, in the same order,
/// as `peer bridge` in Go. That one's library makes a cable in four steps; Weft's would do with one.
final class BridgePlugin implements NetworkDriver {
    private final Netlink kernel;

    private BridgePlugin(Netlink kernel) {
        this.kernel = kernel;
    }

    /// @param socket one argument: the socket to serve on
    static void main(String... socket) throws IOException {
        try (var here = NetworkNamespace.current()) {
            PluginServer.start(Path.of(socket[0]), new BridgePlugin(Netlink.open(here)));
        }
    }

    @Override
    public void createNetwork(CreateNetworkRequest request) {
        var name = name("br-", request.networkId());
        kernel.add(LinkSpec.of(name, Bridge.defaults()));
        kernel.set(link(name).index(), LinkChange.none().up());
    }

    @Override
    public void deleteNetwork(String networkId) {
        delete(name("br-", networkId));
    }

    @Override
    public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
        return CreateEndpointReply.UNCHANGED;
    }

    @Override
    public JoinReply join(JoinRequest request) {
        var endpoint = request.endpoint();
        var peer = name("in-", endpoint.endpointId());
        var port = name("ve-", endpoint.endpointId());
        int bridge = link(name("br-", endpoint.networkId())).index();
        kernel.add(LinkSpec.of(port, new Veth(LinkSpec.peer(peer))));
        int index = link(port).index();
        kernel.set(index, LinkChange.none().master(bridge));
        kernel.set(index, LinkChange.none().up());
        return JoinReply.link(peer);
    }

    @Override
    public void deleteEndpoint(EndpointKey endpoint) {
        delete(name("ve-", endpoint.endpointId()));
    }

    private void delete(String name) {
        kernel.delete(link(name).index());
    }

    private Link link(String name) {
        return kernel.link(name).orElseThrow(() -> new Refusal("there is no link " + name));
    }

    private static String name(String prefix, String id) {
        return prefix + id.substring(0, 12);
    }
}
