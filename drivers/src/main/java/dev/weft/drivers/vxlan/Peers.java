package dev.weft.drivers.vxlan;

import dev.weft.drivers.plan.Step.Station;
import dev.weft.inet.Vni;
import dev.weft.state.EndpointShard;
import dev.weft.state.HostRecord;
import dev.weft.state.Registry;
import dev.weft.state.SharedNetwork;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What the registry knows of the other hosts of the cluster, as networks need it. Any thread may call.
final class Peers {
    private final Registry registry;

    Peers(Registry registry) {
        this.registry = registry;
    }

    /// Of a network of this host's engine; empty if it is this host's alone.
    Optional<Overlay> overlay(String networkId) {
        return registry.sharedAs(networkId)
                .filter(network -> network.vni() != 0)
                .flatMap(network -> registry.member()
                        .flatMap(member -> registry.host(member.id()))
                        .filter(self -> !self.addresses().isEmpty())
                        .map(self -> overlay(networkId, network, self)));
    }

    /// The hosts speak the same IP version beneath: the IPv4 one where this host has it.
    private Overlay overlay(String networkId, SharedNetwork network, HostRecord self) {
        boolean ipv4 = self.address(true) != null;
        var addresses = addresses(self, ipv4);
        var stations = new HashMap<String, Station>();
        var hosts = new TreeSet<String>();
        var shards = registry.shardsOf(network.id()).stream()
                .sorted(Comparator.comparing(EndpointShard::host))
                .toList();
        for (var shard : shards) {
            var address = addresses.get(shard.host());
            if (address != null && !shard.endpoints().isEmpty()) {
                hosts.add(shard.host());
                addStations(shard, address, stations);
            }
        }
        // What is here is here, whatever a host says that is gone or cut off.
        registry.endpointsOf(networkId)
                .forEach(endpoint -> stations.remove(endpoint.mac().toString()));
        var local = self.address(ipv4);
        if (local == null) {
            throw new IllegalStateException("host " + self.name() + " has no address");
        }
        return new Overlay(
                new Vni(network.vni()),
                local,
                self.port(),
                new ArrayList<>(stations.values()),
                hosts.stream().map(addresses::get).distinct().toList());
    }

    private Map<String, InetAddress> addresses(HostRecord self, boolean ipv4) {
        var addresses = new HashMap<String, InetAddress>();
        for (var host : registry.hosts()) {
            var address = host.address(ipv4);
            if (address != null && !host.id().equals(self.id()) && !host.forgotten()) {
                addresses.put(host.id(), address);
            }
        }
        return addresses;
    }

    /// A station that two hosts say they have is where it was said last, as far as anybody can tell: their versions are
    /// of no common clock, so it is that of the host whose id comes first, on every host the same.
    private static void addStations(EndpointShard shard, InetAddress address, Map<String, Station> stations) {
        for (var endpoint : shard.endpoints()) {
            stations.putIfAbsent(endpoint.mac().toString(), new Station(endpoint.mac(), endpoint.addresses(), address));
        }
    }
}
