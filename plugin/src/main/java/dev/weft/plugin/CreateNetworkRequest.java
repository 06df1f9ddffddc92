package dev.weft.plugin;

import java.util.List;
import java.util.Map;

/// Body of `NetworkDriver.CreateNetwork`.
///
/// @param networkId   64 hexadecimal digits, or 25 letters and digits in swarm mode; not checked, as in
///                    [EndpointKey]
/// @param generic     the `-o key=value` pairs; a bare `-o key` has an empty value
/// @param internal    `--internal`
/// @param ipv4Enabled false only with `--ipv4=false`, which engines before 28 do not have
/// @param ipv6Enabled `--ipv6`
/// @param ipv4Data    one for each IPv4 `--subnet`
/// @param ipv6Data    one for each IPv6 `--subnet`
public record CreateNetworkRequest(
        String networkId,
        Map<String, String> generic,
        boolean internal,
        boolean ipv4Enabled,
        boolean ipv6Enabled,
        List<IpamData> ipv4Data,
        List<IpamData> ipv6Data) {
    /// Copies the map and the lists.
    public CreateNetworkRequest {
        generic = Map.copyOf(generic);
        ipv4Data = List.copyOf(ipv4Data);
        ipv6Data = List.copyOf(ipv6Data);
    }
}
