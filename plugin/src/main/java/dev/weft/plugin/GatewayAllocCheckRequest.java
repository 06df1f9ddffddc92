package dev.weft.plugin;

import java.util.Map;

/// Body of `NetworkDriver.GwAllocCheck`: a network is about to be made.
///
/// @param options     the `-o key=value` pairs
/// @param internal    `--internal`
/// @param ipv4Enabled false only with `--ipv4=false`
/// @param ipv6Enabled `--ipv6`
public record GatewayAllocCheckRequest(
        Map<String, String> options, boolean internal, boolean ipv4Enabled, boolean ipv6Enabled) {
    /// Copies the map.
    public GatewayAllocCheckRequest {
        options = Map.copyOf(options);
    }
}
