package dev.weft.plugin;

/// Which endpoint a call is about.
///
/// @param networkId  the engine's: 64 hexadecimal digits, or 25 letters and digits for a network of swarm's. As sent:
///                   whoever reaches the socket can send any text, so check it before it becomes a path or a name
/// @param endpointId the engine's: 64 hexadecimal digits, new at every start of a container. As sent, too
public record EndpointKey(String networkId, String endpointId) {}
