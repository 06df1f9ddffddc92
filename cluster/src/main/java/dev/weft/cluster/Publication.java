package dev.weft.cluster;

import static java.lang.System.Logger.Level.INFO;

import dev.weft.engine.Network;
import dev.weft.inet.Subnet;
import dev.weft.state.AddressRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import dev.weft.state.Registry;
import dev.weft.state.ReplicaRecord;
import dev.weft.state.SharedNetwork;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Writes networks of this host into the store, and takes them out of it. For one thread.
final class Publication {
    private static final System.Logger LOG = System.getLogger(Publication.class.getName());

    /// VNIs that Weft chooses begin here: swarm's begin at 4096, and people number from 1.
    private static final int FIRST_VNI = 1 << 23;

    private static final int LAST_VNI = (1 << 24) - 2;
    private static final int TRIES = 20;
    private static final Duration HEARING = Duration.ofSeconds(5);

    private final Registry registry;
    private final Supplier<? extends Store> store;
    private final String self;
    private final RandomGenerator random;

    Publication(Registry registry, Supplier<? extends Store> store, String self, RandomGenerator random) {
        this.registry = registry;
        this.store = store;
        this.self = self;
        this.random = random;
    }

    /// Makes it the cluster's, with its name and a VNI, if nobody else has just done so with a network of that name:
    /// then nothing happens, and it is looked at again when that is known here.
    ///
    /// @throws StoreException if it cannot, saying why
    void publish(Network network, NetworkRecord record) {
        var present = store.get();
        for (int i = 0; i < TRIES; i++) {
            var name = claim(present, Keys.name(network.name()));
            if (name.isEmpty()) {
                return;
            }
            int vni = vni(record);
            var number = vni == 0 ? Optional.<Store.Expect>empty() : claim(present, Keys.vni(vni));
            if (vni != 0 && number.isEmpty()) {
                if (record.options().containsKey("vni")) {
                    throw new StoreException("its VNI " + vni + " is that of another network of the cluster; create it"
                            + " with another, or without '-o vni'");
                }
                continue;
            }
            var shared = shared(network, record, vni);
            if (commit(present, shared, record, name.get(), number)) {
                await(() -> registry.sharedNetwork(shared.id()).isPresent());
                registry.put(new ReplicaRecord(record.id(), shared.id()));
                LOG.log(INFO, "network {0} is the cluster''s now, with VNI {1}", network.name(), Integer.toString(vni));
                return;
            }
        }
        throw new StoreException("others change the store all the while; tried again later");
    }

    /// What the key must be as for a claim of it to be right: nobody's, or that of a network which was removed.
    private static Optional<Store.Expect> claim(Store store, String key) {
        var there = store.get(key);
        if (there.isEmpty()) {
            return Optional.of(new Store.Expect(key, 0));
        }
        var holder = store.get(Keys.NETWORKS + there.get().value()).map(entry -> SharedNetwork.parse(entry.value()));
        return holder.filter(network -> !network.removed()).isPresent()
                ? Optional.empty()
                : Optional.of(new Store.Expect(key, there.get().revision()));
    }

    private int vni(NetworkRecord record) {
        if (!record.mode().equals("vxlan")) {
            return 0;
        }
        var given = record.options().get("vni");
        return given == null ? random.nextInt(FIRST_VNI, LAST_VNI + 1) : Integer.parseInt(given);
    }

    private SharedNetwork shared(Network network, NetworkRecord record, int vni) {
        return new SharedNetwork(
                "%016x".formatted(random.nextLong()),
                network.name(),
                record.mode(),
                vni,
                record.mtu(),
                record.internal(),
                record.subnets(),
                Compatibility.common(record.options()),
                network.labels(),
                self,
                false);
    }

    private boolean commit(
            Store present,
            SharedNetwork shared,
            NetworkRecord record,
            Store.Expect name,
            Optional<Store.Expect> number) {
        var expected = new ArrayList<>(List.of(name, new Store.Expect(Keys.of(shared), 0)));
        var writes = new ArrayList<>(
                List.of(new Store.Put(name.key(), shared.id()), new Store.Put(Keys.of(shared), shared.text())));
        number.ifPresent(expected::add);
        number.ifPresent(claim -> writes.add(new Store.Put(claim.key(), shared.id())));
        for (var subnet : shared.subnets()) {
            var map = Blocks.first(shared.id(), subnet.subnet(), self, given(record, subnet));
            expected.add(new Store.Expect(Keys.of(map), 0));
            writes.add(new Store.Put(Keys.of(map), map.text()));
        }
        return present.commit(expected, writes).isPresent();
    }

    private List<InetAddress> given(NetworkRecord record, NetworkSubnet subnet) {
        Subnet range = subnet.subnet();
        var gateway = subnet.gateway();
        return Stream.of(
                        registry.endpointsOf(record.id()).stream().flatMap(endpoint -> endpoint.addresses().stream()),
                        registry.addressesOf(record.poolId(subnet)).stream().map(AddressRecord::address),
                        Stream.ofNullable(gateway).map(cidr -> cidr.address()))
                .flatMap(addresses -> addresses)
                .filter(Objects::nonNull)
                .filter(range::contains)
                .distinct()
                .toList();
    }

    /// Nobody has it any more.
    ///
    /// @throws StoreException if it cannot, saying why
    void remove(String id) {
        var present = store.get();
        for (int i = 0; i < TRIES; i++) {
            var entry = present.get(Keys.NETWORKS + id);
            var known = entry.map(there -> SharedNetwork.parse(there.value()));
            if (known.isEmpty() || known.get().removed()) {
                return;
            }
            var write = new Store.Put(Keys.NETWORKS + id, known.get().gone().text());
            if (present.commit(List.of(new Store.Expect(write.key(), entry.get().revision())), List.of(write))
                    .isPresent()) {
                await(() -> registry.sharedNetwork(id)
                        .filter(SharedNetwork::removed)
                        .isPresent());
                return;
            }
        }
        throw new StoreException("others change the store all the while; tried again later");
    }

    /// The mirror puts on record what the store has.
    private void await(BooleanSupplier recorded) {
        Recorded.await(registry, recorded, HEARING);
    }
}
