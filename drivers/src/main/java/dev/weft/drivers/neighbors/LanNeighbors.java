package dev.weft.drivers.neighbors;

import dev.weft.inet.MacAddress;
import dev.weft.netlink.NetworkNamespace;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The others on the LANs of the host's links.
public final class LanNeighbors implements Neighbors, AutoCloseable {
    private final Prober prober;
    private final Announcer announcer = new Announcer();
    private final ConflictWatch watch;

    /// @param host   the host's own network namespace; must stay open
    /// @param random for the pauses of [Probe#RFC]
    public LanNeighbors(NetworkNamespace host, RandomGenerator random) {
        this.prober = new Prober(host, random);
        this.watch = new ConflictWatch(host);
    }

    /// Asks from the link itself, whose MAC address nobody takes for a holder's. A container's is: another host may
    /// have given the same address to one of its own, with the MAC address that follows from it.
    @Override
    public Optional<Conflict> probe(String link, List<InetAddress> addresses, Probe kind) {
        return prober.probe(link, addresses, Set.of(), kind);
    }

    @Override
    public void announce(Announcement announcement) {
        announcer.announce(announcement);
    }

    @Override
    public void watch(Map<String, Map<InetAddress, Set<MacAddress>>> addresses) {
        watch.watch(addresses);
    }

    @Override
    public List<Sighting> conflicts() {
        return watch.conflicts();
    }

    @Override
    public void close() {
        announcer.close();
        watch.close();
    }
}
