package dev.weft.plugin;

/// Which endpoint a call is about; the engine picks both ids, 64 hexadecimal digits each (swarm's network ids: 25
/// letters).
public record EndpointKey(String networkId, String endpointId) {}
