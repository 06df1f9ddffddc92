package dev.weft.engine;

import dev.weft.inet.MacAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A container's place in a network. What is null is not there while the container does not run; lists of engines
/// 20.10 and 26.1 still show it of a container whose start failed.
///
/// @param networkId null until the container's first start
/// @param aliases   (`--network-alias`) empty in lists; engine 20.10 puts the container's short id among them
/// @param options   of the driver (`--driver-opt`)
public record Attachment(
        @Nullable String networkId,
        @Nullable String endpointId,
        @Nullable InetAddress ipv4,
        @Nullable InetAddress ipv6,
        @Nullable MacAddress mac,
        List<String> aliases,
        Map<String, String> options) {
    public Attachment {
        aliases = List.copyOf(aliases);
        options = Map.copyOf(options);
    }
}
