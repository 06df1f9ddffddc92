package dev.weft.plugin;

/// Answer to `IpamDriver.GetDefaultAddressSpaces`: names of the driver's own choice, which come back with each
/// [PoolRequest]. Pools of one space do not overlap.
///
/// @param local  for networks of one engine
/// @param global for networks of a swarm
public record AddressSpaces(String local, String global) {}
