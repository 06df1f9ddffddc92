package dev.weft.plugin;

/// Body of `NetworkDriver.ProgramExternalConnectivity`.
///
/// @param endpoint one that was joined with a gateway
/// @param options  the ports to publish, without DNS servers and driver options
public record ExternalConnectivityRequest(EndpointKey endpoint, EndpointOptions options) {}
