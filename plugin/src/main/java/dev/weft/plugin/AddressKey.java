package dev.weft.plugin;

import java.net.InetAddress;

/// Body of `IpamDriver.ReleaseAddress`.
public record AddressKey(String poolId, InetAddress address) {}
