package dev.weft.plugin;

/// Answer to `IpamDriver.GetCapabilities`.
///
/// @param requiresMacAddress    engines then make up a MAC address for every endpoint and send it with
///                              [IpamDriver#requestAddress]; links whose MAC cannot be set (ipvlan) then fail
/// @param requiresRequestReplay engines then repeat, at their start, the requests for all pools and addresses they
///                              know of; seen of 28.5
public record IpamCapabilities(boolean requiresMacAddress, boolean requiresRequestReplay) {
    /// What most drivers want.
    public static final IpamCapabilities NONE = new IpamCapabilities(false, false);
}
