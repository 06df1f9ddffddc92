package dev.weft.cluster;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.state.Change;
import dev.weft.state.EndpointRecord;
import dev.weft.state.EndpointShard;
import dev.weft.state.HostRecord;
import dev.weft.state.MemberRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import dev.weft.state.Registry;
import dev.weft.state.RemoteEndpoint;
import dev.weft.state.ReplicaRecord;
import dev.weft.state.SharedNetwork;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A host as far as the cluster goes: a registry, and its part in the cluster, which can be away.
final class Site implements AutoCloseable {
    static final SharedNetwork NETWORK = new SharedNetwork(
            "s1",
            "mynet",
            "vxlan",
            0x700001,
            1450,
            false,
            List.of(new NetworkSubnet(Subnet.parse("10.1.0.0/16"), Cidr.parse("10.1.0.1/16"), "LocalDefault")),
            Map.of(),
            Map.of(),
            "h1",
            false);

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration BEAT = Duration.ofMillis(300);

    private final int number;
    private final Path folder;
    private final URI etcd;
    private Registry registry;
    private Membership membership;

    Site(int number, Path folder, URI etcd) {
        this.number = number;
        this.folder = folder;
        this.etcd = etcd;
        registry = Registry.open(folder);
        if (registry.member().isEmpty()) {
            registry.put(new MemberRecord(id(), "machine " + number, 0));
        }
        membership = join();
    }

    private Membership join() {
        var settings = new EtcdSettings(List.of(etcd), "/weft", null, null, null, null, null);
        return Membership.start(
                registry, () -> EtcdStore.connect(settings), this::description, BEAT, InstantSource.system());
    }

    private HostRecord description() {
        return new HostRecord(
                id(),
                "host-" + number,
                List.of(InetAddress.ofLiteral("192.0.2." + number)),
                4789,
                "0.1.0",
                List.of(),
                false,
                0);
    }

    String id() {
        return "h" + number;
    }

    Path folder() {
        return folder;
    }

    Registry registry() {
        return registry;
    }

    Membership membership() {
        return membership;
    }

    /// The network is on this host's engine from now on.
    void network() {
        registry.commit(List.of(
                Change.put(NETWORK),
                Change.put(new NetworkRecord(dockersId(), "mynet", "vxlan", 1450, false, NETWORK.subnets(), Map.of())),
                Change.put(new ReplicaRecord(dockersId(), NETWORK.id()))));
    }

    private String dockersId() {
        return "docker-" + number;
    }

    void run(String container) {
        registry.put(endpoint(container));
    }

    void stop(String container) {
        registry.remove(endpoint(container));
    }

    InetAddress addressOf(String container) {
        return endpoint(container).addresses().getFirst();
    }

    void awaitStore() {
        await("the store is reached", () -> membership.away().isEmpty());
    }

    void awaitEndpoint(String container) {
        await(container + " is known", () -> known().contains(container));
    }

    private static void await(String what, BooleanSupplier condition) {
        var end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("not so in time: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private EndpointRecord endpoint(String container) {
        int host = Math.floorMod(container.hashCode(), 60_000) + 2;
        return new EndpointRecord(
                        number + "-" + container,
                        dockersId(),
                        Cidr.parse("10.1." + host / 256 + "." + host % 256 + "/16"),
                        null,
                        new MacAddress(0x0242_0000_0000L + host),
                        Map.of())
                .of(container);
    }

    /// Containers of other hosts, as far as it is known here.
    Set<String> known() {
        var names = new TreeSet<String>();
        registry.shardsOf(NETWORK.id()).stream()
                .filter(shard -> !shard.host().equals(id()))
                .flatMap((EndpointShard shard) -> shard.endpoints().stream())
                .map(RemoteEndpoint::container)
                .forEach(names::add);
        return names;
    }

    /// The agent ends.
    void end() {
        membership.close();
        registry.close();
    }

    /// It starts again.
    void begin() {
        registry = Registry.open(folder);
        membership = join();
    }

    @Override
    public void close() {
        end();
    }
}
