package dev.weft.plugin;

/// Body of `NetworkDriver.Join`.
///
/// @param sandboxKey path of the container's network namespace, `/var/run/docker/netns/…`; moving the link there is the
///                   engine's work
public record JoinRequest(EndpointKey endpoint, String sandboxKey, EndpointOptions options) {}
