package dev.weft.drivers;

import dev.weft.drivers.neighbors.Announcement;
import dev.weft.drivers.neighbors.Conflict;
import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.neighbors.Probe;
import dev.weft.drivers.neighbors.Sighting;
import dev.weft.inet.MacAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A LAN whose other machines are what a test says, and which remembers what it was asked and told.
class HeardNeighbors implements Neighbors {
    final Map<InetAddress, MacAddress> holders = new HashMap<>();
    final List<Sighting> sightings = new ArrayList<>();
    final List<Asked> asked = new ArrayList<>();
    final List<Announcement> announced = new ArrayList<>();
    Map<String, Map<InetAddress, Set<MacAddress>>> watched = Map.of();

    record Asked(String link, List<InetAddress> addresses, Probe kind) {}

    @Override
    public Optional<Conflict> probe(String link, List<InetAddress> addresses, Probe kind) {
        asked.add(new Asked(link, addresses, kind));
        return addresses.stream()
                .filter(holders::containsKey)
                .findFirst()
                .map(address -> new Conflict(address, holders.get(address), link));
    }

    @Override
    public void announce(Announcement announcement) {
        announced.add(announcement);
    }

    @Override
    public void watch(Map<String, Map<InetAddress, Set<MacAddress>>> addresses) {
        watched = addresses;
    }

    @Override
    public List<Sighting> conflicts() {
        return sightings;
    }
}
