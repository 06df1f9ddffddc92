package dev.weft.state;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Some hundred records of all kinds.
final class Sample {
    static final List<StateRecord> RECORDS = records();

    private Sample() {}

    private static List<StateRecord> records() {
        var records = new ArrayList<StateRecord>();
        records.add(new EngineRecord("7ZTD:AAAA", "host-1", "28.5.2"));
        for (int i = 0; i < 12; i++) {
            records.add(network(i));
            records.add(new PoolRecord(
                    "weft-local",
                    Subnet.parse("10." + i + ".0.0/16"),
                    Subnet.parse("10." + i + ".128.0/17"),
                    i % 2 == 0 ? "n" + i : null,
                    Map.of("serial", "yes")));
        }
        for (int i = 0; i < 120; i++) {
            records.add(endpoint(i));
            records.add(new AddressRecord(
                    "weft-local/10." + i % 12 + ".0.0/16",
                    InetAddress.ofLiteral("10." + i % 12 + ".0." + (i / 12 + 1)),
                    AddressRecord.Purpose.values()[i / 12 % 3],
                    i % 3 + 1));
        }
        for (int i = 0; i < 30; i++) {
            records.add(new Tombstone(
                    Tombstone.Kind.values()[i % 2], "t" + i, "gone" + i, "by hand", Instant.ofEpochMilli(1000L * i)));
        }
        records.add(new MemberRecord("00112233445566aa", "machine-1", 17));
        for (int i = 0; i < 12; i++) {
            records.addAll(cluster(i));
        }
        return List.copyOf(records);
    }

    private static List<StateRecord> cluster(int i) {
        var subnet = Subnet.parse("10." + i + ".0.0/16");
        return List.of(
                new HostRecord(
                        "h" + i,
                        "host-" + i,
                        i % 2 == 0
                                ? List.of(InetAddress.ofLiteral("192.0.2." + i))
                                : List.of(
                                        InetAddress.ofLiteral("192.0.2." + i), InetAddress.ofLiteral("2001:db8::" + i)),
                        4789,
                        "0.1.0",
                        i % 3 == 0 ? List.of() : List.of("n" + i),
                        i == 7,
                        i),
                new SharedNetwork(
                        "s" + i,
                        "net-" + i,
                        i % 3 == 0 ? "macvlan" : "vxlan",
                        i % 3 == 0 ? 0 : 0x700000 + i,
                        1450,
                        i % 5 == 0,
                        i == 11 ? List.of() : network(i).subnets(),
                        Map.of("flag", "", "note", "x&= ü"),
                        i % 2 == 0 ? Map.of() : Map.of("com.example.of", "me"),
                        "h" + i % 3,
                        i == 5),
                new ReplicaRecord("n" + i, "s" + i),
                new EndpointShard(
                        "h" + i,
                        "s" + i,
                        i,
                        i * 1000L,
                        i == 0
                                ? List.of()
                                : List.of(RemoteEndpoint.of(endpoint(i)), RemoteEndpoint.of(endpoint(i + 12)))),
                new BlockMap(
                        "s" + i,
                        subnet,
                        i,
                        List.of(
                                new Block(Subnet.parse("10." + i + ".0.0/24"), "h0", true),
                                new Block(Subnet.parse("10." + i + ".255.0/24"), "h1", false))));
    }

    /// The first one's options need pages of their own.
    static NetworkRecord network(int i) {
        return new NetworkRecord(
                "n" + i,
                i % 2 == 0 ? "net-" + i : null,
                "vxlan",
                1450,
                i % 5 == 0,
                List.of(
                        new NetworkSubnet(
                                Subnet.parse("10." + i + ".0.0/16"), Cidr.parse("10." + i + ".0.1/16"), "weft-local"),
                        new NetworkSubnet(Subnet.parse("fd00:" + i + "::/64"), null, "LocalDefault")),
                Map.of("mode", "vxlan", "note", "x&= ü".repeat(i == 0 ? 1500 : 1)));
    }

    static EndpointRecord endpoint(int i) {
        var network = i % 12;
        var endpoint = new EndpointRecord(
                "e" + i,
                "n" + network,
                Cidr.parse("10." + network + "." + (1 + i / 3000) + "." + (i / 12 % 250 + 1) + "/16"),
                i % 2 == 0 ? Cidr.parse("fd00:" + network + "::" + (i + 1) + "/64") : null,
                new MacAddress(0x0242_0000_0000L + i),
                Map.of("weft.rate", "10mbit"));
        return i % 3 == 0
                ? endpoint.joinedTo("/var/run/docker/netns/" + i).seenAs("eth0").of("web-" + i)
                : endpoint;
    }

    /// All of them, and pages that are free again, in a file without a log.
    static void fill(Path folder) {
        try (var registry = Registry.open(folder)) {
            registry.commit(RECORDS.stream().map(Change::put).toList());
            var more = IntStream.range(1000, 1150).mapToObj(Sample::endpoint).toList();
            registry.commit(more.stream().map(Change::put).toList());
            registry.commit(more.stream().map(Change::remove).toList());
        }
    }

    static List<StateRecord> in(Registry registry) {
        var records = new ArrayList<StateRecord>(registry.networks());
        records.addAll(registry.endpoints());
        for (var pool : registry.pools()) {
            records.add(pool);
            records.addAll(registry.addressesOf(pool.id()));
        }
        registry.engine().ifPresent(records::add);
        records.addAll(registry.tombstones());
        registry.member().ifPresent(records::add);
        records.addAll(registry.hosts());
        records.addAll(registry.sharedNetworks());
        records.addAll(registry.replicas());
        records.addAll(registry.shards());
        records.addAll(registry.blockMaps());
        return records;
    }
}
