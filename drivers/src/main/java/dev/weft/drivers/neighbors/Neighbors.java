package dev.weft.drivers.neighbors;

import dev.weft.inet.MacAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What endpoints have to do with the others on their LAN. Any thread may call.
public interface Neighbors {
    /// Asks whether somebody has one of the addresses, for as long as the kind of probe says.
    ///
    /// @param link of the host's on that LAN
    /// @throws dev.weft.netlink.NetlinkException if the link cannot be asked
    Optional<Conflict> probe(String link, List<InetAddress> addresses, Probe kind);

    /// Tells in the background; never throws.
    void announce(Announcement announcement);

    /// From now on listens for others that claim these addresses.
    ///
    /// @param addresses by link of the host's, with the MAC addresses that may claim them
    void watch(Map<String, Map<InetAddress, Set<MacAddress>>> addresses);

    /// What was heard of late.
    List<Sighting> conflicts();

    /// There is no LAN.
    Neighbors NONE = new Neighbors() {
        @Override
        public Optional<Conflict> probe(String link, List<InetAddress> addresses, Probe kind) {
            return Optional.empty();
        }

        @Override
        public void announce(Announcement announcement) {}

        @Override
        public void watch(Map<String, Map<InetAddress, Set<MacAddress>>> addresses) {}

        @Override
        public List<Sighting> conflicts() {
            return List.of();
        }
    };
}
