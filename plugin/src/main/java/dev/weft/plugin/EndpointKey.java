package dev.weft.plugin;

/// Which endpoint a call is about. The engine picks both ids. They are passed as they come: not empty, but otherwise
/// any text of any length. Check one before it becomes a path, a name or a part of a command.
///
/// @param networkId  64 hexadecimal digits, or 25 letters and digits for a network of swarm's
/// @param endpointId 64 hexadecimal digits, new at each start of the container
public record EndpointKey(String networkId, String endpointId) {}
