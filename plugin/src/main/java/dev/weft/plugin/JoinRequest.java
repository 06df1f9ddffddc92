package dev.weft.plugin;

/// Body of `NetworkDriver.Join`.
///
/// @param sandboxKey path of the container's network namespace, `/var/run/docker/netns/…`; the engine moves the link
/// there
public record JoinRequest(EndpointKey endpoint, String sandboxKey, EndpointOptions options) {}
