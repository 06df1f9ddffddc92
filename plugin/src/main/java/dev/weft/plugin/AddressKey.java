package dev.weft.plugin;

import java.net.InetAddress;

/// Body of `IpamDriver.ReleaseAddress`.
///
/// @param poolId  from [PoolReply]; not checked
/// @param address without the prefix length that the driver answered
public record AddressKey(String poolId, InetAddress address) {}
