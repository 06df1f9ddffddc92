package dev.weft.drivers.neighbors;

import dev.weft.inet.AddressText;
import dev.weft.inet.MacAddress;
import java.net.InetAddress;

/// Somebody else on the LAN has an address, or is about to take it.
///
/// @param holder who has it
/// @param link   of this host, by which that was heard
public record Conflict(InetAddress address, MacAddress holder, String link) {
    /// What happened and what to do, to stand behind a colon; without a full stop.
    public String sentence() {
        boolean ipv4 = address.getAddress().length == 4;
        return "address " + AddressText.of(address) + " is in use on the LAN by " + holder + " (seen on " + link
                + "); choose another " + (ipv4 ? "--ip" : "--ip6") + ", or give that machine another address";
    }
}
