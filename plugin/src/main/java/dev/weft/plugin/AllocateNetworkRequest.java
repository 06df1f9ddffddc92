package dev.weft.plugin;

import java.util.List;
import java.util.Map;

/// Body of `NetworkDriver.AllocateNetwork`: in swarm mode, a network of a driver with global scope is made on a
/// manager.
///
/// @param networkId 25 letters and digits; not checked, as in [EndpointKey]
/// @param options   the `-o key=value` pairs
/// @param ipv4Data  one for each IPv4 `--subnet`; the address space is empty
/// @param ipv6Data  one for each IPv6 `--subnet`
public record AllocateNetworkRequest(
        String networkId, Map<String, String> options, List<IpamData> ipv4Data, List<IpamData> ipv6Data) {
    /// Copies the map and the lists.
    public AllocateNetworkRequest {
        options = Map.copyOf(options);
        ipv4Data = List.copyOf(ipv4Data);
        ipv6Data = List.copyOf(ipv6Data);
    }
}
