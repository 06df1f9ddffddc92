package dev.weft.plugin;

/// Body of `NetworkDriver.Join`.
///
/// @param endpoint   one that `createEndpoint` accepted
/// @param sandboxKey path of the container's network namespace, `/var/run/docker/netns/…`; moving the link there is the
///                   engine's work
/// @param options    the ports as in `createEndpoint`, without DNS servers and driver options
public record JoinRequest(EndpointKey endpoint, String sandboxKey, EndpointOptions options) {}
