package dev.weft.agent.doctor;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import dev.weft.agent.doctor.Snapshot.EngineFacts;
import dev.weft.agent.doctor.Snapshot.Recorded;
import dev.weft.inet.AddressText;
import dev.weft.ipam.PoolUse;
import dev.weft.ipam.WeftIpam;
import dev.weft.state.AddressRecord;
import dev.weft.state.EndpointRecord;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is kept and is nobody's: links, records, addresses.
final class Leaks {
    /// Addresses that a sentence names.
    private static final int NAMED = 5;

    private static final String COLLECTED =
            " The agent removes it by itself, docker.collect_after after it has" + " first seen that.";

    private Leaks() {}

    static List<Finding> of(Snapshot facts) {
        var findings = new ArrayList<Finding>();
        facts.kernel().strangers().stream().sorted().forEach(alias -> findings.add(stranger(facts, alias)));
        if (facts.engine() instanceof EngineFacts.Present engine) {
            findings.addAll(records(facts.recorded(), engine));
            findings.addAll(addresses(facts.recorded(), engine));
        }
        return findings;
    }

    private static Finding stranger(Snapshot facts, String alias) {
        return Finding.warning(
                "stranger-link",
                alias,
                "network namespace " + facts.host().fabric() + " has links of '" + alias
                        + "', which is not on record: the state was lost or exchanged. If the engine still has it, stop"
                        + " the agent and run 'weft state rebuild'; if not, the agent removes them by itself.");
    }

    private static List<Finding> records(Recorded recorded, EngineFacts.Present engine) {
        var findings = new ArrayList<Finding>();
        for (var network : recorded.networks()) {
            if (!engine.networks().contains(network.id())) {
                findings.add(Finding.warning(
                        "engine-lacks-network",
                        network.id(),
                        "network " + network.title() + " is on record, and the engine does not have it." + COLLECTED));
            }
        }
        recorded.endpoints().stream()
                .filter(endpoint -> engine.networks().contains(endpoint.networkId()))
                .filter(endpoint -> !engine.endpoints().contains(endpoint.id()))
                .map(endpoint -> Finding.warning(
                        "engine-lacks-endpoint",
                        endpoint.id(),
                        endpoint.title() + " is on record in network " + recorded.title(endpoint.networkId())
                                + ", and the engine does not have it there." + COLLECTED))
                .forEach(findings::add);
        return findings;
    }

    /// As with what the agent takes back: of networks that the engine has, gateways excepted.
    private static List<Finding> addresses(Recorded recorded, EngineFacts.Present engine) {
        var held = recorded.endpoints().stream()
                .map(EndpointRecord::addresses)
                .flatMap(Collection::stream)
                .collect(toSet());
        return recorded.pools().stream()
                .filter(use -> use.pool().addressSpace().equals(WeftIpam.LOCAL))
                .flatMap(use -> finding(recorded, use, idle(recorded, engine, use, held)).stream())
                .toList();
    }

    private static List<InetAddress> idle(
            Recorded recorded, EngineFacts.Present engine, PoolUse use, Set<InetAddress> held) {
        var network = use.pool().networkId();
        var used = network == null ? null : engine.addresses().get(network);
        return used == null
                ? List.of()
                : recorded.addresses().stream()
                        .filter(address -> address.poolId().equals(use.pool().id()) && !address.isGateway())
                        .map(AddressRecord::address)
                        .filter(address -> !used.contains(address) && !held.contains(address))
                        .toList();
    }

    private static Optional<Finding> finding(Recorded recorded, PoolUse use, List<InetAddress> idle) {
        if (idle.isEmpty()) {
            return Optional.empty();
        }
        var named = idle.stream().limit(NAMED).map(AddressText::of).sorted().collect(joining(", "));
        var more = idle.size() > NAMED ? " and " + (idle.size() - NAMED) + " more" : "";
        var network = String.valueOf(use.pool().networkId());
        return Optional.of(Finding.warning(
                "idle-address",
                use.pool().id(),
                "of subnet " + use.pool().subnet() + " of network " + recorded.title(network) + " " + named + more
                        + (idle.size() == 1 ? " is" : " are") + " given, and no container has "
                        + (idle.size() == 1 ? "it" : "them") + ". The agent takes back what two looks,"
                        + " docker.collect_after apart, find unused."));
    }
}
