package dev.weft.drivers.neighbors;

import dev.weft.inet.MacAddress;
import java.net.InetAddress;

/// What a frame says of who has an address.
///
/// @param tentative whether the station only asks if it may have the address: an ARP probe, or
///                  duplicate address detection
record Claim(InetAddress address, MacAddress holder, boolean tentative) {}
