package dev.weft.plugintest;

import dev.weft.inet.MacAddress;
import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.Refusal;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps its networks and endpoints in memory, and makes no links.
class OneNetworkDriver implements NetworkDriver {
    final Set<String> networks = ConcurrentHashMap.newKeySet();
    final Map<EndpointKey, MacAddress> endpoints = new ConcurrentHashMap<>();

    @Override
    public void createNetwork(CreateNetworkRequest request) {
        networks.add(request.networkId());
    }

    @Override
    public void deleteNetwork(String networkId) {
        networks.remove(networkId);
    }

    @Override
    public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
        if (!networks.contains(request.endpoint().networkId())) {
            throw new Refusal("there is no such network");
        }
        return CreateEndpointReply.mac(endpoints.computeIfAbsent(
                request.endpoint(), _ -> new MacAddress(0x02_00_00_00_00_00L + endpoints.size())));
    }

    @Override
    public void deleteEndpoint(EndpointKey endpoint) {
        endpoints.remove(endpoint);
    }

    @Override
    public JoinReply join(JoinRequest request) {
        return JoinReply.link("v0");
    }
}
