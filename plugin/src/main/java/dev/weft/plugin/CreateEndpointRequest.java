package dev.weft.plugin;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import org.jspecify.annotations.Nullable;

/// Body of `NetworkDriver.CreateEndpoint`.
///
/// @param endpoint    a new one
/// @param address     from the IPAM driver, with the pool's prefix length; absent if the network has no IPv4 addresses.
///                    May be the network's own (`10.50.8.0/16`): engines give the first address of an `--ip-range`
/// @param addressIpv6 likewise
/// @param mac         only with `--mac-address`, or from an IPAM driver with
///                    [IpamCapabilities#requiresMacAddress]; do not answer it again
/// @param options     all there are; later calls get the ports only. Those of an internal network have no
///                    ports
public record CreateEndpointRequest(
        EndpointKey endpoint,
        @Nullable Cidr address,
        @Nullable Cidr addressIpv6,
        @Nullable MacAddress mac,
        EndpointOptions options) {}
