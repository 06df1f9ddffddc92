package dev.weft.plugin;

/// Body of `NetworkDriver.ProgramExternalConnectivity`.
public record ExternalConnectivityRequest(EndpointKey endpoint, EndpointOptions options) {}
