package dev.weft.plugin;

/// Which endpoint a call is about. The engine picks both ids: 64 hexadecimal digits, or 25 letters for a network of
/// swarm's.
public record EndpointKey(String networkId, String endpointId) {}
