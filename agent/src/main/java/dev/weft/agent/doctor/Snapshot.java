package dev.weft.agent.doctor;

import dev.weft.drivers.Examination;
import dev.weft.drivers.vxlan.Underlay;
import dev.weft.inet.Cidr;
import dev.weft.ipam.PoolUse;
import dev.weft.state.AddressRecord;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.Tombstone;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The facts of one moment that checks look at.
///
/// @param kernel    the registry compared with the kernel
/// @param notMended what the last comparison of the agent could not mend, a sentence each
/// @param sockets   on which the agent listens
record Snapshot(
        Instant now,
        Versions versions,
        Recorded recorded,
        Examination kernel,
        Set<String> notMended,
        EngineFacts engine,
        HostFacts host,
        StateFacts state,
        List<SocketFacts> sockets) {
    Snapshot {
        notMended = Set.copyOf(notMended);
        sockets = List.copyOf(sockets);
    }

    /// @param agent  of the Weft that runs
    /// @param client of the Weft that asks; empty if it does not say
    /// @param kernel such as `6.18.4-amd64`
    /// @param java   the feature release, 25
    record Versions(String agent, String client, String kernel, int java) {}

    /// What is on record.
    record Recorded(
            List<NetworkRecord> networks,
            List<EndpointRecord> endpoints,
            List<PoolUse> pools,
            List<AddressRecord> addresses,
            List<Tombstone> tombstones) {
        Recorded {
            networks = List.copyOf(networks);
            endpoints = List.copyOf(endpoints);
            pools = List.copyOf(pools);
            addresses = List.copyOf(addresses);
            tombstones = List.copyOf(tombstones);
        }

        /// Its name, or its id.
        String title(String networkId) {
            return network(networkId).map(NetworkRecord::title).orElse(networkId);
        }

        Optional<NetworkRecord> network(String id) {
            return networks.stream().filter(network -> network.id().equals(id)).findFirst();
        }
    }

    /// What the engine says.
    sealed interface EngineFacts {
        /// Weft is configured to keep away from it.
        record Unasked() implements EngineFacts {}

        /// @param reason a sentence
        record Away(String reason) implements EngineFacts {}

        /// @param knownId   of the engine whose networks are on record; null if that is not known yet
        /// @param networks  ids of all
        /// @param endpoints ids of those in networks on record
        /// @param addresses in use or reserved, by the network's id
        /// @param leftDown  containers that it left down, a sentence each
        record Present(
                String id,
                @Nullable String knownId,
                String version,
                Set<String> networks,
                Set<String> endpoints,
                Map<String, Set<InetAddress>> addresses,
                List<String> leftDown)
                implements EngineFacts {
            public Present {
                networks = Set.copyOf(networks);
                endpoints = Set.copyOf(endpoints);
                addresses = Map.copyOf(addresses);
                leftDown = List.copyOf(leftDown);
            }
        }
    }

    /// @param fabric          name of the network namespace of the bridges
    /// @param bridgeNetfilter settings of br_netfilter that are on there: `bridge-nf-call-iptables`
    /// @param ipv4Rules       as `iptables -S` prints them; empty where there is none
    /// @param ipv6Rules       likewise of `ip6tables`
    /// @param gatewayBridge   addresses of docker_gwbridge; empty if it is not there
    record HostFacts(
            String fabric,
            Underlay underlay,
            List<String> bridgeNetfilter,
            FirewallRules ipv4Rules,
            FirewallRules ipv6Rules,
            List<Cidr> gatewayBridge) {
        HostFacts {
            bridgeNetfilter = List.copyOf(bridgeNetfilter);
            gatewayBridge = List.copyOf(gatewayBridge);
        }
    }

    /// @param damage    a sentence; empty if it is what was written
    /// @param freeBytes of its file system
    /// @param written   when its files were last changed, by the clock of then
    record StateFacts(Path folder, String damage, long freeBytes, Instant written) {}

    /// @param mode such as `rw-------`; null if the file is not there
    record SocketFacts(Path path, @Nullable String mode) {}
}
