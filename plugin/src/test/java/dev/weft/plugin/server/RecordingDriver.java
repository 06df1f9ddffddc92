package dev.weft.plugin.server;

import dev.weft.plugin.*;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Remembers what it was asked, and answers the least that is valid.
class RecordingDriver implements NetworkDriver {
    final List<Object> asked = new CopyOnWriteArrayList<>();

    @Override
    public void createNetwork(CreateNetworkRequest request) {
        asked.add(request);
    }

    @Override
    public void deleteNetwork(String networkId) {
        asked.add(networkId);
    }

    @Override
    public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
        asked.add(request);
        return CreateEndpointReply.UNCHANGED;
    }

    @Override
    public void deleteEndpoint(EndpointKey endpoint) {
        asked.add(endpoint);
    }

    @Override
    public JoinReply join(JoinRequest request) {
        asked.add(request);
        return JoinReply.link("veth1");
    }

    @Override
    public void leave(EndpointKey endpoint) {
        asked.add(endpoint);
    }

    @Override
    public Map<String, Object> endpointOperInfo(EndpointKey endpoint) {
        asked.add(endpoint);
        return Map.of();
    }

    @Override
    public void programExternalConnectivity(ExternalConnectivityRequest request) {
        asked.add(request);
    }

    @Override
    public void revokeExternalConnectivity(EndpointKey endpoint) {
        asked.add(endpoint);
    }
}
