package dev.weft.agent.member;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.agent.config.ClusterConfiguration;
import dev.weft.cluster.Blocks;
import dev.weft.cluster.Catalogue;
import dev.weft.cluster.DockerNetworks;
import dev.weft.cluster.EtcdSettings;
import dev.weft.cluster.EtcdStore;
import dev.weft.cluster.Membership;
import dev.weft.cluster.StoreException;
import dev.weft.drivers.AddressClaims;
import dev.weft.engine.EngineApi;
import dev.weft.engine.EngineEvent;
import dev.weft.engine.EngineException;
import dev.weft.engine.EngineListener;
import dev.weft.engine.EngineWatch;
import dev.weft.engine.Network;
import dev.weft.inet.Subnet;
import dev.weft.ipam.OwnBlocks;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetlinkException;
import dev.weft.plugin.Refusal;
import dev.weft.state.HostRecord;
import dev.weft.state.Registry;
import dev.weft.state.SharedNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// This host in its cluster: what drivers ask of it is answered at once, and everything else happens on threads of its
/// own.
public final class ClusterMember implements OwnBlocks, AddressClaims, AutoCloseable {
    private static final Duration BEAT = Duration.ofSeconds(5);

    private final Registry registry;
    private final ClusterConfiguration options;
    private final String version;
    private final Netlink host;
    private final String id;
    private final Membership membership;
    private final OwnAddresses addresses;
    private volatile @Nullable Catalogue catalogue;

    private ClusterMember(
            Registry registry, ClusterConfiguration options, String version, Netlink host, RandomGenerator random) {
        this.registry = registry;
        this.options = options;
        this.version = version;
        this.host = host;
        id = Identity.of(registry, random).id();
        membership = Membership.start(
                registry, () -> EtcdStore.connect(settings()), this::description, BEAT, InstantSource.system());
        addresses = new OwnAddresses(registry, new Blocks(registry, membership::store));
    }

    /// Begins to follow the others; does not wait for the store.
    ///
    /// @param version of Weft
    /// @param host    the host's own network namespace
    /// @throws dev.weft.state.StateException if who this host is cannot be written
    public static ClusterMember join(
            Registry registry, ClusterConfiguration options, String version, Netlink host, RandomGenerator random) {
        return new ClusterMember(registry, options, version, host, random);
    }

    private EtcdSettings settings() {
        return new EtcdSettings(
                options.store(),
                "/" + options.prefix(),
                options.authorities().orElse(null),
                options.certificate().orElse(null),
                options.key().orElse(null),
                options.user().isEmpty() ? null : options.user(),
                options.passwordFile().map(ClusterMember::password).orElse(null));
    }

    private static String password(Path file) {
        try {
            return Files.readString(file, UTF_8).strip();
        } catch (IOException failure) {
            throw new StoreException("cannot read cluster.store_password_file " + file + ": " + failure, failure);
        }
    }

    private HostRecord description() {
        var known = catalogue;
        return new HostRecord(
                id,
                name(),
                addresses(),
                options.vxlanPort(),
                version,
                known == null ? registry.host(id).map(HostRecord::uses).orElse(List.of()) : List.copyOf(known.used()),
                false,
                0);
    }

    /// What a route flap takes away for a moment stays as it was.
    private List<InetAddress> addresses() {
        if (!options.advertise().isEmpty()) {
            return options.advertise();
        }
        var before = registry.host(id).map(HostRecord::addresses).orElse(List.of());
        try {
            var present = Whereabouts.of(host);
            return present.isEmpty() ? before : present;
        } catch (NetlinkException failure) {
            return before;
        }
    }

    private static String name() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"), UTF_8).strip();
        } catch (IOException absent) {
            return "unknown";
        }
    }

    /// From now on networks come to this host's engine, and go from it to the others.
    ///
    /// @param engine    stays the caller's to close, after what is returned
    /// @param preparing is told of the engine's networks before another comes, and says why none can
    /// @param plugin what the engine calls this plugin: `weft`
    /// @return ends it
    public AutoCloseable catalogue(
            EngineApi engine,
            Function<List<Network>, Optional<String>> preparing,
            String plugin,
            RandomGenerator random) {
        var started = Catalogue.start(
                registry, membership, new DockerNetworks(engine, preparing), addresses.blocks(), plugin, random);
        catalogue = started;
        var watch = EngineWatch.start(engine, new EngineListener() {
            @Override
            public void connected() {
                started.changed();
            }

            @Override
            public void happened(EngineEvent event) {
                if (!event.changesNothing()) {
                    started.changed();
                }
            }

            @Override
            public void lost(EngineException reason) {
                // who looks after the engine says so
            }
        });
        return () -> {
            watch.close();
            started.close();
        };
    }

    @Override
    public List<Subnet> own(String sharedId, Subnet subnet) {
        return addresses.own(sharedId, subnet);
    }

    @Override
    public List<Subnet> more(String sharedId, Subnet subnet) {
        return addresses.more(sharedId, subnet);
    }

    @Override
    public void claim(String networkId, List<InetAddress> wanted) {
        var known = catalogue;
        Optional.ofNullable(known)
                .flatMap(running -> running.conflict(networkId))
                .ifPresent(reason -> {
                    throw new Refusal(reason);
                });
        addresses.claim(networkId, wanted);
    }

    /// Removes a network from all hosts.
    ///
    /// @param force also if containers are on it: it goes from each host when those are gone
    /// @return why it cannot be, in which case nothing is removed
    public Optional<String> remove(SharedNetwork network, boolean force) {
        var known = catalogue;
        if (known == null) {
            return Optional.of("network " + network.name() + " stays: docker.socket is empty, so Weft removes none.");
        }
        var users = known.users(network.id());
        if (!force && !users.isEmpty()) {
            return Optional.of(
                    "network " + network.name() + " stays: containers on " + String.join(", ", users)
                            + " are on it, running or not. Remove those first, or give --force, and it goes when they are gone.");
        }
        try {
            known.remove(network.id());
            return Optional.empty();
        } catch (StoreException failure) {
            return Optional.of("network " + network.name() + " stays: " + failure.getMessage() + ".");
        }
    }

    /// When a host was heard last; empty if it was not since this host is in the cluster.
    public Optional<Instant> heard(String hostId) {
        return membership.heard(hostId);
    }

    /// Id of this host.
    public String id() {
        return id;
    }

    /// Why the others are not heard; empty as long as they are.
    public String away() {
        return membership.away();
    }

    /// What is not as it should be, a sentence each.
    public Set<String> problems() {
        var problems = new TreeSet<>(membership.problems());
        var known = catalogue;
        if (known != null) {
            problems.addAll(known.problems());
        }
        registry.host(id).ifPresent(self -> problems.addAll(Reach.problems(self, registry.hosts())));
        if (!away().isEmpty()) {
            problems.add("the cluster is away, and what is here goes on: " + away());
        }
        return problems;
    }

    @Override
    public void close() {
        membership.close();
    }
}
