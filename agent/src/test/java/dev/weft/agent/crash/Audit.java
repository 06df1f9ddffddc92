package dev.weft.agent.crash;

import dev.weft.inet.AddressText;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.PoolRecord;
import dev.weft.state.Registry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Compares what is on record with what the engine has.
final class Audit {
    private final Registry registry;
    private final Belief belief;
    private final List<String> differences = new ArrayList<>();

    Audit(Registry registry, Belief belief) {
        this.registry = registry;
        this.belief = belief;
    }

    /// What an engine was told is on record, and no address has two endpoints; there may be more, of which engines do
    /// not tell twice that it is gone.
    List<String> nothingMissing() {
        registry.check();
        networks();
        endpoints();
        pools();
        onceEach();
        return differences;
    }

    /// Likewise, and there is nothing else on record.
    List<String> nothingElse() {
        nothingMissing();
        extra("network", ids(registry.networks(), NetworkRecord::id), ids(belief.networks(), Belief.Network::id));
        extra("endpoint", ids(registry.endpoints(), EndpointRecord::id), ids(belief.endpoints(), Belief.Endpoint::id));
        var given = given();
        extra("pool", ids(registry.pools(), PoolRecord::id), given.keySet());
        registry.pools().forEach(pool -> {
            var addresses = registry.addressesOf(pool.id());
            extra(
                    "address in " + pool.id(),
                    ids(addresses, address -> AddressText.of(address.address())),
                    given.getOrDefault(pool.id(), Set.of()));
            addresses.stream()
                    .filter(address -> address.holders() != 1 && !address.isGateway()) // which goes with its pool
                    .forEach(address -> differences.add("held more than once: " + address));
        });
        return differences;
    }

    private void networks() {
        missing("network", ids(registry.networks(), NetworkRecord::id), ids(belief.networks(), Belief.Network::id));
    }

    private void endpoints() {
        for (var endpoint : belief.endpoints()) {
            var record = registry.endpoint(endpoint.id());
            if (record.isEmpty()) {
                differences.add("not on record: endpoint " + endpoint);
            } else if (!record.get().joined()
                    || !record.get().addresses().equals(endpoint.addresses())
                    || !record.get().networkId().equals(endpoint.networkId())) {
                differences.add("otherwise on record: " + endpoint + ", as " + record.get());
            }
        }
    }

    private void pools() {
        var given = given();
        missing("pool", ids(registry.pools(), PoolRecord::id), given.keySet());
        given.forEach((pool, addresses) -> missing(
                "address in " + pool,
                ids(registry.addressesOf(pool), address -> AddressText.of(address.address())),
                addresses));
        for (var network : belief.networks()) {
            if (network.ipam().equals(Belief.WEFT)) {
                for (var pool : network.pools()) {
                    registry.pool(id(pool))
                            .filter(record -> !network.id().equals(record.networkId()))
                            .ifPresent(record -> differences.add("not of network " + network.name() + ": " + record));
                }
            }
        }
    }

    /// Addresses by pool, of those that Weft's IPAM driver gave.
    private HashMap<String, Set<String>> given() {
        var given = new HashMap<String, Set<String>>();
        belief.networks().stream()
                .filter(network -> network.ipam().equals(Belief.WEFT))
                .forEach(network -> network.pools()
                        .forEach(pool -> given.put(id(pool), ids(belief.addresses(network, pool), AddressText::of))));
        return given;
    }

    private static String id(Belief.Pool pool) {
        return PoolRecord.id("weft-local", pool.subnet(), null);
    }

    private void onceEach() {
        var seen = new HashSet<String>();
        for (var endpoint : registry.endpoints()) {
            for (var address : endpoint.addresses()) {
                if (!seen.add(endpoint.networkId() + " " + AddressText.of(address))) {
                    differences.add("address " + AddressText.of(address) + " has two endpoints on record");
                }
            }
        }
    }

    private static <T> Set<String> ids(Collection<T> things, Function<T, String> id) {
        return things.stream().map(id).collect(Collectors.toCollection(TreeSet::new));
    }

    private void missing(String what, Set<String> recorded, Set<String> wanted) {
        wanted.stream()
                .filter(id -> !recorded.contains(id))
                .forEach(id -> differences.add("not on record: " + what + " " + id));
    }

    private void extra(String what, Set<String> recorded, Set<String> wanted) {
        recorded.stream()
                .filter(id -> !wanted.contains(id))
                .forEach(id -> differences.add("on record, and the engine has no such thing: " + what + " " + id));
    }
}
