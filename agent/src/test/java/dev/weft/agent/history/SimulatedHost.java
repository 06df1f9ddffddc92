package dev.weft.agent.history;

import dev.weft.agent.member.OwnAddresses;
import dev.weft.cluster.Blocks;
import dev.weft.cluster.Catalogue;
import dev.weft.cluster.Membership;
import dev.weft.cluster.Store;
import dev.weft.drivers.AddressClaims;
import dev.weft.drivers.Forwarder;
import dev.weft.drivers.WeftDriver;
import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.plan.RecordingKernel;
import dev.weft.ipam.OwnBlocks;
import dev.weft.ipam.WeftIpam;
import dev.weft.netlink.Netlink;
import dev.weft.state.HostRecord;
import dev.weft.state.MemberRecord;
import dev.weft.state.Registry;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An engine with its plugin, as far as neither processes nor packets go: the plugin can be ended at any moment and
/// begun
/// again on what it has written.
final class SimulatedHost implements AutoCloseable {
    private static final Duration BEAT = Duration.ofMillis(200);

    /// What makes one of the parts wrong, to see that it is noticed.
    interface Fault {
        default Store store(Store right) {
            return right;
        }

        default OwnBlocks blocks(OwnBlocks right) {
            return right;
        }

        default RecordingKernel kernel() {
            return new RecordingKernel();
        }

        /// Whether hosts make sure that an address is theirs.
        default boolean claims() {
            return true;
        }
    }

    private final int number;
    private final Path folder;
    private final Supplier<Store> connecting;
    private final Netlink routes;
    private final Random random;
    private final Fault fault;
    private final SimulatedEngine engine;
    private final RecordingKernel kernel;
    private volatile boolean cut;
    private @Nullable Plugin plugin;

    /// All parts of an agent that matter here.
    private record Plugin(
            Registry registry, Membership membership, Blocks blocks, Catalogue catalogue, Forwarder forwarder) {}

    /// @param routes of any namespace: which MTU a network has does not matter
    SimulatedHost(int number, Path folder, Supplier<Store> connecting, Netlink routes, Random random, Fault fault) {
        this.number = number;
        this.folder = folder;
        this.connecting = connecting;
        this.routes = routes;
        this.random = random;
        this.fault = fault;
        engine = new SimulatedEngine("h" + number);
        kernel = fault.kernel();
    }

    String id() {
        return "h" + number;
    }

    InetAddress address() {
        return InetAddress.ofLiteral("192.0.2." + number);
    }

    SimulatedEngine engine() {
        return engine;
    }

    RecordingKernel kernel() {
        return kernel;
    }

    boolean isUp() {
        return plugin != null;
    }

    Registry registry() {
        return running().registry;
    }

    private Plugin running() {
        var present = plugin;
        if (present == null) {
            throw new IllegalStateException("host " + number + " is down");
        }
        return present;
    }

    boolean hearsOthers() {
        return running().membership.away().isEmpty();
    }

    List<String> problems() {
        return List.copyOf(running().catalogue.problems());
    }

    void begin() {
        var registry = Registry.open(folder);
        if (registry.member().isEmpty()) {
            registry.put(new MemberRecord(id(), "machine " + number, 0));
        }
        var membership = Membership.start(
                registry,
                () -> new CutStore(fault.store(connecting.get()), () -> cut),
                this::description,
                BEAT,
                InstantSource.system());
        var blocks = new Blocks(registry, membership::store);
        var own = new OwnAddresses(registry, blocks);
        var driver = new WeftDriver(
                registry,
                kernel,
                WeftDriver.modes(routes, registry),
                Neighbors.NONE,
                fault.claims() ? own : AddressClaims.NONE,
                random,
                InstantSource.system());
        var forwarder = Forwarder.start(registry, driver);
        var ipam = new WeftIpam(registry, List.of(), List.of(), List::of, fault.blocks(own), network -> false);
        engine.plug(driver, ipam);
        var catalogue = Catalogue.start(registry, membership, engine, blocks, "weft", new Random(random.nextLong()));
        engine.listen("catalogue", catalogue::changed);
        plugin = new Plugin(registry, membership, blocks, catalogue, forwarder);
        catalogue.changed();
    }

    private HostRecord description() {
        var present = plugin;
        return new HostRecord(
                id(),
                "host-" + number,
                List.of(address()),
                4789,
                "0.1.0",
                present == null ? List.of() : List.copyOf(present.catalogue.used()),
                false,
                0);
    }

    /// The plugin ends; engine, kernel and what was written stay.
    void end() {
        var present = plugin;
        if (present != null) {
            engine.plug(null, null);
            engine.listen("catalogue", () -> {});
            present.catalogue.close();
            present.forwarder.close();
            present.membership.close();
            present.registry.close();
            plugin = null;
        }
    }

    /// Nothing reaches the store, nor comes from it, until it is healed.
    void cut(boolean isCut) {
        cut = isCut;
    }

    @Override
    public void close() {
        end();
    }
}
