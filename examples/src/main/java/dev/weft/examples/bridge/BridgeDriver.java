package dev.weft.examples.bridge;

import dev.weft.netlink.*;
import dev.weft.plugin.*;
import dev.weft.plugin.server.PluginServer;
import java.nio.file.Path;

/// Served on `/run/docker/plugins/NAME.sock`: a bridge for each network, out of reach of Docker's firewall, and a
/// cable to it for each container. The engine adds the way out. All state is in the kernel, under names from the ids.
public record BridgeDriver(NetworkNamespace engine, Netlink bridges) implements NetworkDriver {
    public static void main(String... socket) throws Exception {
        var bridges = Netlink.open(NetworkNamespace.pin("example-bridge"));
        var server = PluginServer.start(Path.of(socket[0]), new BridgeDriver(NetworkNamespace.current(), bridges));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    }

    @Override
    public synchronized void createNetwork(CreateNetworkRequest request) {
        bridge(request.networkId());
    }

    @Override
    public synchronized void deleteNetwork(String networkId) {
        bridges.link(name("br-", networkId)).ifPresent(bridge -> bridges.delete(bridge.index()));
    }

    @Override
    public synchronized CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
        var key = request.endpoint();
        var cable = new Veth(LinkSpec.peer(name("in-", key.endpointId())).namespace(engine));
        int bridge = bridge(key.networkId());
        make(LinkSpec.of(name("ve-", key.endpointId()), cable).master(bridge).up());
        return CreateEndpointReply.UNCHANGED;
    }

    @Override
    public synchronized void deleteEndpoint(EndpointKey endpoint) {
        bridges.link(name("ve-", endpoint.endpointId())).ifPresent(veth -> bridges.delete(veth.index()));
    }

    @Override
    public JoinReply join(JoinRequest request) {
        return JoinReply.link(name("in-", request.endpoint().endpointId()));
    }

    private int bridge(String networkId) {
        return make(LinkSpec.of(name("br-", networkId), Bridge.defaults()).up());
    }

    private int make(LinkSpec spec) {
        if (bridges.link(spec.name()).isEmpty()) {
            bridges.add(spec);
        }
        return bridges.link(spec.name()).orElseThrow().index();
    }

    private static String name(String prefix, String id) {
        return prefix + id.substring(0, 12);
    }
}
