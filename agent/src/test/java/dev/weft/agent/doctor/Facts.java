package dev.weft.agent.doctor;

import dev.weft.agent.doctor.Snapshot.EngineFacts;
import dev.weft.agent.doctor.Snapshot.HostFacts;
import dev.weft.agent.doctor.Snapshot.Recorded;
import dev.weft.agent.doctor.Snapshot.SocketFacts;
import dev.weft.agent.doctor.Snapshot.StateFacts;
import dev.weft.agent.doctor.Snapshot.Versions;
import dev.weft.drivers.Deviation;
import dev.weft.drivers.Examination;
import dev.weft.drivers.vxlan.Underlay;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.ipam.PoolUse;
import dev.weft.state.AddressRecord;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import dev.weft.state.PoolRecord;
import dev.weft.state.Tombstone;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The facts of a host on which all is in order, to be spoilt: a network with one container, addresses from Weft.
final class Facts {
    static final String NETWORK = "0123456789abcdef";
    static final String ENDPOINT = "fedcba9876543210";
    static final InetAddress ADDRESS = InetAddress.ofLiteral("10.9.0.2");

    Versions versions = new Versions("0.1.0", "0.1.0", "6.18.4-amd64", 25);
    NetworkRecord network = network(false, Map.of(), "10.9.0.0/24");
    List<EndpointRecord> endpoints = List.of(new EndpointRecord(
            ENDPOINT,
            NETWORK,
            Cidr.parse("10.9.0.2/24"),
            null,
            MacAddress.parse("02:42:0a:09:00:02"),
            "/var/run/docker/netns/1",
            "eth0",
            "web",
            Map.of()));
    long given = 2;
    List<AddressRecord> addresses = new ArrayList<>(List.of(
            new AddressRecord(
                    "weft-local/10.9.0.0/24", InetAddress.ofLiteral("10.9.0.1"), AddressRecord.Purpose.GATEWAY, 1),
            new AddressRecord("weft-local/10.9.0.0/24", ADDRESS, AddressRecord.Purpose.CHOSEN, 1)));
    List<Tombstone> tombstones = List.of();
    List<Deviation> deviations = List.of();
    Set<String> strangers = Set.of();
    Set<String> notMended = Set.of();

    @Nullable
    String knownEngine = "E1";

    String engineVersion = "28.5.2";
    Set<String> engineNetworks = Set.of(NETWORK);
    Set<String> engineEndpoints = Set.of(ENDPOINT);
    Set<InetAddress> engineAddresses = new HashSet<>(Set.of(ADDRESS));
    List<String> leftDown = List.of();

    @Nullable
    EngineFacts engine;

    Underlay underlay = new Underlay("eth0", 1500, false);
    List<String> bridgeNetfilter = List.of();
    FirewallRules ipv4Rules = FirewallRules.NONE;
    FirewallRules ipv6Rules = FirewallRules.NONE;
    List<Cidr> gatewayBridge = List.of(Cidr.parse("10.224.0.1/16"), Cidr.parse("fe80::1/64"));
    String damage = "";
    long freeBytes = 1L << 30;
    Instant written = Instant.parse("2026-11-25T03:59:59Z");

    @Nullable
    String socketMode = "rw-------";

    static NetworkRecord network(boolean internal, Map<String, String> options, String... subnets) {
        return new NetworkRecord(
                NETWORK,
                "mynet",
                "vxlan",
                1450,
                internal,
                List.of(subnets).stream()
                        .map(subnet -> new NetworkSubnet(Subnet.parse(subnet), null, "weft-local"))
                        .toList(),
                options);
    }

    private EngineFacts engine() {
        return engine != null
                ? engine
                : new EngineFacts.Present(
                        "E1",
                        knownEngine,
                        engineVersion,
                        engineNetworks,
                        engineEndpoints,
                        Map.of(NETWORK, engineAddresses),
                        leftDown);
    }

    Snapshot snapshot() {
        var subnet = Subnet.parse("10.9.0.0/24");
        var pool = new PoolUse(
                new PoolRecord("weft-local", subnet, subnet, NETWORK, Map.of()),
                254,
                given,
                254 - given,
                InetAddress.ofLiteral("10.9.0.1"));
        return new Snapshot(
                Instant.parse("2026-11-25T04:00:00Z"),
                versions,
                new Recorded(List.of(network), endpoints, List.of(pool), addresses, tombstones),
                new Examination(deviations, strangers),
                notMended,
                engine(),
                new HostFacts("weft", underlay, bridgeNetfilter, ipv4Rules, ipv6Rules, gatewayBridge),
                new StateFacts(Path.of("/var/lib/weft"), damage, freeBytes, written),
                List.of(new SocketFacts(Path.of("/run/docker/plugins/weft.sock"), socketMode)));
    }

    List<Finding> findings() {
        return Doctor.findings(snapshot());
    }
}
