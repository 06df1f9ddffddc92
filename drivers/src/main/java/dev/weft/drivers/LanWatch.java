package dev.weft.drivers;

import static java.lang.System.Logger.Level.WARNING;
import static java.util.stream.Collectors.toSet;

import dev.weft.drivers.mode.LinkNames;
import dev.weft.drivers.mode.Modes;
import dev.weft.drivers.mode.Presence;
import dev.weft.drivers.neighbors.Announcement;
import dev.weft.drivers.neighbors.Conflict;
import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.neighbors.Probe;
import dev.weft.drivers.neighbors.Sighting;
import dev.weft.inet.AddressText;
import dev.weft.inet.MacAddress;
import dev.weft.netlink.NetlinkException;
import dev.weft.plugin.Refusal;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.Registry;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Keeps two machines of a LAN from having the same address, as far as one of them can.
final class LanWatch {
    private static final System.Logger LOG = System.getLogger(LanWatch.class.getName());

    private final Registry registry;
    private final Modes modes;
    private final Neighbors neighbors;

    LanWatch(Registry registry, Modes modes, Neighbors neighbors) {
        this.registry = registry;
        this.modes = modes;
        this.neighbors = neighbors;
    }

    private Optional<Presence> probing(NetworkRecord network) {
        return modes.of(network).presence(network).filter(presence -> presence.probe() != Probe.OFF);
    }

    /// Asks whether the addresses are free, which takes a moment: not under a lock.
    ///
    /// @throws Refusal naming who has one
    void check(NetworkRecord network, List<InetAddress> addresses) {
        probing(network).ifPresent(presence -> {
            checkThisHost(network, presence, addresses);
            probe(presence, addresses).ifPresent(conflict -> {
                throw new Refusal("cannot connect the container: " + conflict.sentence() + ".");
            });
        });
    }

    /// A host that cannot ask still starts its containers, as it would without a probe.
    private Optional<Conflict> probe(Presence presence, List<InetAddress> addresses) {
        try {
            return neighbors.probe(presence.link(), addresses, presence.probe());
        } catch (NetlinkException failure) {
            LOG.log(
                    WARNING,
                    "nobody on the LAN of {0} is asked whether a container''s address is free: {1}",
                    presence.link(),
                    failure.getMessage());
            return Optional.empty();
        }
    }

    /// Links on one parent do not hear what the host asks by that parent.
    private void checkThisHost(NetworkRecord network, Presence presence, List<InetAddress> addresses) {
        for (var other : registry.networks()) {
            boolean isBeside = !other.id().equals(network.id())
                    && modes.of(other)
                            .presence(other)
                            .filter(theirs -> theirs.link().equals(presence.link()))
                            .isPresent();
            for (var address : isBeside ? addresses : List.<InetAddress>of()) {
                registry.endpointAt(other.id(), address).ifPresent(holder -> {
                    throw new Refusal(
                            "cannot connect the container: address " + AddressText.of(address) + " is held by "
                                    + holder.title() + " of network " + other.title() + ", which is on the same parent "
                                    + presence.link() + "; choose another.");
                });
            }
        }
    }

    /// Tells the others on the LAN, in the background, that the addresses are here now.
    void announce(NetworkRecord network, EndpointRecord endpoint, String sandbox) {
        modes.of(network)
                .presence(network)
                .filter(presence -> presence.announcements().count() > 0)
                .ifPresent(presence -> neighbors.announce(new Announcement(
                        Path.of(sandbox),
                        LinkNames.endpointAlias(endpoint.id()),
                        endpoint.addresses(),
                        presence.announcements())));
    }

    /// From now on hears of whoever claims an address of an endpoint that is on record now.
    void listen() {
        var claims = new HashMap<String, Map<InetAddress, Set<MacAddress>>>();
        for (var network : registry.networks()) {
            probing(network).ifPresent(presence -> {
                var ofLink = claims.computeIfAbsent(presence.link(), link -> new HashMap<>());
                for (var endpoint : registry.endpointsOf(network.id())) {
                    endpoint.addresses()
                            .forEach(address -> ofLink.computeIfAbsent(address, of -> new HashSet<>())
                                    .add(endpoint.mac()));
                }
            });
        }
        claims.values().removeIf(Map::isEmpty);
        neighbors.watch(claims);
    }

    /// Who claims what is an endpoint's, a sentence each.
    Set<String> problems() {
        return neighbors.conflicts().stream().map(this::sentence).collect(toSet());
    }

    private String sentence(Sighting sighting) {
        var address = sighting.conflict().address();
        var holder = registry.endpoints().stream()
                .filter(endpoint -> endpoint.has(address))
                .map(EndpointRecord::title)
                .findFirst()
                .orElse("a container");
        return "the address of " + holder + " is taken twice: "
                + sighting.conflict().sentence();
    }
}
