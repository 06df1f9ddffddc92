package dev.weft.drivers.neighbors;

import dev.weft.inet.MacAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/// What is to be told to a container's neighbors: which addresses its link has.
///
/// @param sandbox   the container's network namespace, an nsfs file that need not exist yet
/// @param alias     of the link in it
/// @param addresses IPv4 and IPv6
/// @param options   how often
public record Announcement(Path sandbox, String alias, List<InetAddress> addresses, AnnouncementOptions options) {
    public Announcement {
        addresses = List.copyOf(addresses);
    }

    /// From the link with that address.
    List<byte[]> frames(MacAddress own, List<InetAddress> present) {
        return addresses.stream()
                .filter(present::contains)
                .map(address -> announce(own, address).toFrame())
                .toList();
    }

    private static NeighborMessage announce(MacAddress own, InetAddress address) {
        return address instanceof Inet4Address ipv4
                ? ArpMessage.announcement(own, ipv4)
                : NeighborAdvertisement.announcement(own, (Inet6Address) address);
    }
}
