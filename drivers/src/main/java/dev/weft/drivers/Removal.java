package dev.weft.drivers;

import static java.lang.System.Logger.Level.WARNING;
import static java.util.stream.Collectors.toSet;

import dev.weft.drivers.mode.Modes;
import dev.weft.drivers.plan.Kernel;
import dev.weft.drivers.plan.Plan;
import dev.weft.inet.AddressText;
import dev.weft.plugin.Refusal;
import dev.weft.state.Change;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.Registry;
import dev.weft.state.Tombstone;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Takes networks and endpoints out of the kernel and then out of the registry, and leaves word of why. The caller has
/// the network's lock.
final class Removal {
    private static final System.Logger LOG = System.getLogger(Removal.class.getName());

    private static final Duration TOMBSTONES_STAY = Duration.ofDays(7);

    private final Registry registry;
    private final Kernel kernel;
    private final Modes modes;
    private final InstantSource clock;

    Removal(Registry registry, Kernel kernel, Modes modes, InstantSource clock) {
        this.registry = registry;
        this.kernel = kernel;
        this.modes = modes;
        this.clock = clock;
    }

    /// With what is left of its endpoints. A pool of its own that is still there was to be released before, and that
    /// was lost: it stays a pool of this network, which is gone, and whoever wants its subnet next gets it anew.
    ///
    /// @param reason see [Tombstone#reason]
    void network(NetworkRecord network, String reason) {
        var mode = modes.of(network);
        var plan = ownPart(network);
        for (var endpoint : registry.endpointsOf(network.id())) {
            plan = plan.then(mode.traces(network, endpoint));
        }
        plan.undoIn(kernel);
        var changes = registry.removalOf(network.id());
        changes.addAll(word(Tombstone.Kind.NETWORK, network.id(), network.title(), reason));
        registry.commit(changes);
    }

    /// What no other network needs, and what is left of a trial.
    private Plan ownPart(NetworkRecord network) {
        var needed = registry.networks().stream()
                .filter(other -> !other.id().equals(network.id()))
                .flatMap(other -> modes.of(other).network(other).steps().stream())
                .collect(toSet());
        var mode = modes.of(network);
        return mode.network(network).then(mode.trial(network)).without(needed);
    }

    /// A tombstone, and an end to those that are older than a week.
    private List<Change> word(Tombstone.Kind kind, String id, String title, String reason) {
        var changes = new ArrayList<Change>();
        var old = clock.instant().minus(TOMBSTONES_STAY);
        registry.tombstones().stream()
                .filter(tombstone -> tombstone.at().isBefore(old))
                .map(Change::remove)
                .forEach(changes::add);
        changes.add(Change.put(new Tombstone(kind, id, title, reason, clock.instant())));
        return changes;
    }

    /// Takes a network that could not be made out of the registry. Its pools are nobody's then, until the engine
    /// releases them.
    void withdraw(NetworkRecord network) {
        var changes = registry.removalOf(network.id());
        network.subnets().stream()
                .map(network::poolId)
                .flatMap(id -> registry.pool(id).stream())
                .filter(pool -> network.id().equals(pool.networkId()))
                .forEach(pool -> changes.add(Change.put(pool.usedBy(null))));
        var rest = ownPart(network);
        registry.commit(changes);
        rest.undoIn(kernel);
    }

    /// @param reason see [Tombstone#reason]
    void endpoint(NetworkRecord network, EndpointRecord endpoint, String reason) {
        modes.of(network).traces(network, endpoint).undoIn(kernel);
        var changes = word(Tombstone.Kind.ENDPOINT, endpoint.id(), endpoint.title(), reason);
        changes.add(Change.remove(endpoint));
        registry.commit(changes);
    }

    /// An address that the engine gives to a new endpoint is no other's any more: the old one's DeleteEndpoint was
    /// lost. Unless Weft's IPAM driver has given it twice, because it was asked for by name twice at the same time.
    ///
    /// @throws Refusal in that case, with nothing removed
    void ofFormerHolders(NetworkRecord network, EndpointRecord endpoint) {
        for (var address : endpoint.addresses()) {
            registry.endpointAt(network.id(), address)
                    .filter(holder -> isContested(network, address))
                    .ifPresent(holder -> {
                        throw new Refusal("address " + AddressText.of(address) + " is held by " + holder.title()
                                + "; choose another --ip, or remove that container first.");
                    });
        }
        for (var address : endpoint.addresses()) {
            registry.endpointAt(network.id(), address).ifPresent(holder -> ofFormerHolder(network, holder, address));
        }
    }

    private boolean isContested(NetworkRecord network, InetAddress address) {
        return network.subnets().stream()
                .flatMap(subnet -> registry.address(network.poolId(subnet), address).stream())
                .anyMatch(given -> given.holders() > 1);
    }

    private void ofFormerHolder(NetworkRecord network, EndpointRecord holder, InetAddress address) {
        LOG.log(
                WARNING,
                "{0} of network {1} is gone: the engine has given its address {2} to another; removing what is left",
                holder.title(),
                network.title(),
                AddressText.of(address));
        endpoint(network, holder, "when its address " + AddressText.of(address) + " was given to another container");
    }
}
