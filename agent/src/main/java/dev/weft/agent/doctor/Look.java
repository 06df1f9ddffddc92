package dev.weft.agent.doctor;

import dev.weft.agent.doctor.Snapshot.EngineFacts;
import dev.weft.agent.doctor.Snapshot.HostFacts;
import dev.weft.agent.doctor.Snapshot.Recorded;
import dev.weft.agent.doctor.Snapshot.SocketFacts;
import dev.weft.agent.doctor.Snapshot.StateFacts;
import dev.weft.agent.doctor.Snapshot.Versions;
import dev.weft.agent.upkeep.Upkeep;
import dev.weft.drivers.vxlan.Underlay;
import dev.weft.engine.EngineException;
import dev.weft.inet.Cidr;
import dev.weft.netlink.Address;
import dev.weft.netlink.Netlink;
import dev.weft.state.EngineRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.Registry;
import dev.weft.state.StateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Gathers the facts.
final class Look {
    private static final String GATEWAY_BRIDGE = "docker_gwbridge";
    private static final Path BRIDGE_NETFILTER = Path.of("/proc/sys/net/bridge");
    private static final List<String> CALLS =
            List.of("bridge-nf-call-arptables", "bridge-nf-call-ip6tables", "bridge-nf-call-iptables");

    private Look() {}

    static Snapshot at(Patient patient, String client) {
        return new Snapshot(
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                new Versions(
                        patient.version(),
                        client,
                        System.getProperty("os.version"),
                        Runtime.version().feature()),
                recorded(patient),
                patient.driver().examine(),
                patient.reconciler().problems(),
                engine(patient),
                host(patient),
                state(patient.folder(), patient.registry()),
                patient.sockets().stream().map(Look::socket).toList());
    }

    private static Recorded recorded(Patient patient) {
        var registry = patient.registry();
        return new Recorded(
                List.copyOf(registry.networks()),
                List.copyOf(registry.endpoints()),
                patient.ipam().use(),
                registry.pools().stream()
                        .flatMap(pool -> registry.addressesOf(pool.id()).stream())
                        .toList(),
                List.copyOf(registry.tombstones()));
    }

    private static EngineFacts engine(Patient patient) {
        var upkeep = patient.upkeep();
        if (upkeep == null) {
            return new EngineFacts.Unasked();
        }
        try {
            return present(upkeep, patient.registry());
        } catch (EngineException away) {
            return new EngineFacts.Away(String.valueOf(away.getMessage()));
        }
    }

    private static EngineFacts present(Upkeep upkeep, Registry registry) {
        var view = upkeep.look();
        var networks = new HashSet<String>();
        view.networks().forEach(network -> networks.add(network.id()));
        var endpoints = new HashSet<String>();
        registry.networks().stream()
                .map(NetworkRecord::id)
                .filter(networks::contains)
                .forEach(network -> endpoints.addAll(view.endpointIds(network)));
        var addresses = new HashMap<String, Set<InetAddress>>();
        for (var pool : registry.pools()) {
            var network = pool.networkId();
            if (network != null && networks.contains(network)) {
                addresses.put(network, view.addresses(network));
            }
        }
        return new EngineFacts.Present(
                view.info().id(),
                registry.engine().map(EngineRecord::id).orElse(null),
                view.info().version(),
                networks,
                endpoints,
                addresses,
                upkeep.leftDown());
    }

    private static HostFacts host(Patient patient) {
        return new HostFacts(
                patient.fabricName(),
                Underlay.of(patient.host()),
                bridgeNetfilter(patient),
                Iptables.rules("iptables"),
                Iptables.rules("ip6tables"),
                gatewayBridge(patient.host()));
    }

    private static List<String> bridgeNetfilter(Patient patient) {
        return patient.fabric()
                .namespace()
                .call(() -> CALLS.stream().filter(Look::isOn).toList());
    }

    private static boolean isOn(String setting) {
        try {
            return Files.readString(BRIDGE_NETFILTER.resolve(setting)).strip().equals("1");
        } catch (IOException notLoaded) {
            return false;
        }
    }

    private static List<Cidr> gatewayBridge(Netlink host) {
        return host.link(GATEWAY_BRIDGE).stream()
                .flatMap(link -> host.addresses().stream().filter(address -> address.index() == link.index()))
                .map(Address::cidr)
                .toList();
    }

    private static StateFacts state(Path folder, Registry registry) {
        var damage = "";
        try {
            registry.check();
        } catch (StateException damaged) {
            damage = String.valueOf(damaged.getMessage());
        }
        try (var files = Files.list(folder)) {
            var written = files.map(Look::written).max(Instant::compareTo).orElse(Instant.EPOCH);
            return new StateFacts(folder, damage, Files.getFileStore(folder).getUsableSpace(), written);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot look at " + folder + ": " + failure.getMessage(), failure);
        }
    }

    private static Instant written(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException goneMeanwhile) {
            return Instant.EPOCH;
        }
    }

    private static SocketFacts socket(Path path) {
        try {
            return new SocketFacts(path, PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        } catch (NoSuchFileException gone) {
            return new SocketFacts(path, null);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot look at " + path + ": " + failure.getMessage(), failure);
        }
    }
}
