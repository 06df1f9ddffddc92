package dev.weft.plugin.client;

import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.NetworkDriver;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Docker's own bridge driver, of which other networks notice only that it has a gateway.
final class OwnBridge implements NetworkDriver {
    private final Map<String, InetAddress> gateways = new ConcurrentHashMap<>();

    @Override
    public void createNetwork(CreateNetworkRequest request) {
        request.ipv4Data().stream()
                .flatMap(data -> Stream.ofNullable(data.gateway()))
                .findFirst()
                .ifPresent(gateway -> gateways.put(request.networkId(), gateway.address()));
    }

    @Override
    public void deleteNetwork(String networkId) {
        gateways.remove(networkId);
    }

    @Override
    public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
        return CreateEndpointReply.UNCHANGED;
    }

    @Override
    public void deleteEndpoint(EndpointKey endpoint) {}

    @Override
    public JoinReply join(JoinRequest request) {
        return JoinReply.link("veth")
                .withGateway(gateways.get(request.endpoint().networkId()));
    }
}
