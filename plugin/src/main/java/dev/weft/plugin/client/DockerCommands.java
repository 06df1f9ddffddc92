package dev.weft.plugin.client;

import dev.weft.plugin.AddressSpaces;
import dev.weft.plugin.Capabilities;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.GatewayAllocCheckReply;
import dev.weft.plugin.GatewayAllocCheckRequest;
import dev.weft.plugin.IpamCapabilities;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.Refusal;
import dev.weft.plugin.client.NetworkSettings.Ipam;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What an engine asks of a plugin at each docker command: which calls, in what order, with what bodies, and what it
/// takes back after which failure. Nothing in the kernel is touched, unless [LinkMoves] are given: links are not looked
/// for, and nothing is moved.
///
/// A plugin without a network driver serves networks of Docker's own bridge, as with `-d bridge --ipam-driver PLUGIN`.
/// Any thread may call; commands on different containers run in parallel.
public final class DockerCommands {
    private static final String NETWORK_DRIVER = "NetworkDriver";
    private static final String IPAM_DRIVER = "IpamDriver";

    /// What the engine remembers of an activation.
    private record Plugin(
            List<String> roles,
            Capabilities capabilities,
            IpamCapabilities ipam,
            @Nullable AddressSpaces spaces) {}

    /// For `bridge`, with which no plugin has to do.
    private static final Plugin DOCKER_ALONE = new Plugin(List.of(), Capabilities.LOCAL, IpamCapabilities.NONE, null);

    private final EngineClient client;
    private final EngineVersion engine;
    private final Ids ids;
    private final LinkMoves moves;
    private final CommandLog log = new CommandLog();
    private final DefaultIpam defaultIpam;
    private final OwnBridge ownBridge = new OwnBridge();
    private final Network bridge;
    private final Map<String, Network> networks = new ConcurrentHashMap<>();
    private @Nullable Plugin plugin;

    /// An engine that has only its `bridge` network yet.
    ///
    /// @param client is not closed by this
    public DockerCommands(EngineClient client) {
        this(client, LinkMoves.NONE);
    }

    /// Likewise, with what an engine does in the kernel.
    public DockerCommands(EngineClient client, LinkMoves moves) {
        this(client, moves, new SecureRandom());
    }

    DockerCommands(EngineClient client, LinkMoves moves, RandomGenerator random) {
        this.client = client;
        this.moves = moves;
        this.engine = client.engine();
        this.ids = new Ids(random);
        this.defaultIpam = new DefaultIpam(engine);
        this.bridge = create(
                NetworkSettings.named("bridge").withSubnet("172.17.0.0/16"), DOCKER_ALONE, GatewayAllocCheckReply.TAKE);
    }

    /// Docker's own network, which containers are on that name no other.
    public Network bridge() {
        return bridge;
    }

    /// Failures that an engine only logs: of deletes and releases, of `EndpointOperInfo` on 28.5. In their order.
    public List<String> logged() {
        return log.lines();
    }

    /// First use of a plugin; what it says of itself is kept, a failure is not.
    private synchronized Plugin plugin() {
        var known = plugin;
        if (known == null) {
            known = failing("legacy plugin: ", this::activate);
            plugin = known;
        }
        return known;
    }

    private Plugin activate() {
        var roles = client.activate();
        var capabilities = roles.contains(NETWORK_DRIVER) ? client.capabilities() : Capabilities.LOCAL;
        if (!roles.contains(IPAM_DRIVER)) {
            return new Plugin(roles, capabilities, IpamCapabilities.NONE, null);
        }
        var ipam = client.ipamCapabilities();
        var spaces = engine.asksAddressSpacesAtActivation() ? client.defaultAddressSpaces() : null;
        return new Plugin(roles, capabilities, ipam, spaces);
    }

    private static <T> T failing(String prefix, Supplier<T> call) {
        try {
            return call.get();
        } catch (CallFailed | Refusal failure) {
            throw new CommandFailed(prefix + failure.getMessage(), failure);
        }
    }

    /// `docker network create`.
    ///
    /// @throws CommandFailed after what had been done is taken back
    public Network networkCreate(NetworkSettings settings) {
        if (!settings.ipv4() && !engine.canTurnIpv4Off()) {
            throw new CommandFailed("unknown flag: --ipv4", null);
        }
        if (networks.containsKey(settings.name()) || settings.name().equals(bridge.name())) {
            throw new CommandFailed("network with name " + settings.name() + " already exists", null);
        }
        var known = plugin();
        boolean ipamOfPlugin = settings.ipam() == Ipam.PLUGIN;
        if (ipamOfPlugin) {
            require(known, IPAM_DRIVER);
        }
        if (!known.roles().contains(IPAM_DRIVER)) {
            require(known, NETWORK_DRIVER);
        }
        var gateways = known.capabilities().gatewayAllocCheck() && engine.asksGatewayAllocCheck()
                ? failing("", () -> client.gatewayAllocCheck(gatewayCheck(settings)))
                : GatewayAllocCheckReply.TAKE;
        var network = create(settings, known, gateways);
        networks.put(network.name(), network);
        return network;
    }

    private static GatewayAllocCheckRequest gatewayCheck(NetworkSettings settings) {
        return new GatewayAllocCheckRequest(settings.options(), settings.internal(), settings.ipv4(), settings.ipv6());
    }

    private static void require(Plugin known, String role) {
        if (!known.roles().contains(role)) {
            throw new CommandFailed("legacy plugin: Plugin does not implement the requested driver", null);
        }
    }

    private Network create(NetworkSettings settings, Plugin known, GatewayAllocCheckReply gateways) {
        var spaces = failing("", () -> addressSpaces(settings, known));
        var ipv4 = settings.ipv4()
                ? pools(settings, known, spaces, true, !gateways.skipIpv4())
                : Pools.none(defaultIpam, log);
        Pools ipv6;
        try {
            ipv6 = settings.ipv6()
                    ? pools(settings, known, spaces, false, !gateways.skipIpv6())
                    : Pools.none(defaultIpam, log);
        } catch (CommandFailed failure) {
            ipv4.releaseAll();
            throw failure;
        }
        var driver = known.roles().contains(NETWORK_DRIVER) ? client : ownBridge;
        var id = ids.id();
        try {
            create(
                    new CreateNetworkRequest(
                            id,
                            settings.options(),
                            settings.internal(),
                            settings.ipv4(),
                            settings.ipv6(),
                            ipv4.data(),
                            ipv6.data()),
                    driver,
                    known);
        } catch (CommandFailed failure) {
            ipv4.releaseAll();
            ipv6.releaseAll();
            throw failure;
        }
        boolean requiresMac = settings.ipam() == Ipam.PLUGIN && known.ipam().requiresMacAddress();
        return new Network(settings.name(), id, settings.internal(), driver, ipv4, ipv6, requiresMac);
    }

    private void create(CreateNetworkRequest request, NetworkDriver driver, Plugin known) {
        failing("", () -> {
            driver.createNetwork(request);
            return request;
        });
        if (isGlobal(known) && !engine.hasGlobalNetworksWithoutSwarm()) {
            log.goOn(() -> driver.deleteNetwork(request.networkId()));
            throw new CommandFailed(
                    "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect "
                            + "this node to swarm and try again.",
                    null);
        }
    }

    private static boolean isGlobal(Plugin known) {
        return known.capabilities().scope() == Capabilities.Scope.GLOBAL;
    }

    private AddressSpaces addressSpaces(NetworkSettings settings, Plugin known) {
        if (settings.ipam() != Ipam.PLUGIN) {
            return defaultIpam.defaultAddressSpaces();
        }
        return known.spaces() == null ? client.defaultAddressSpaces() : known.spaces();
    }

    private Pools pools(
            NetworkSettings settings, Plugin known, AddressSpaces spaces, boolean ipv4, boolean takeGateway) {
        if (settings.ipam() == Ipam.NONE) {
            return Pools.withoutAddresses(defaultIpam, log, ipv4);
        }
        boolean ofPlugin = settings.ipam() == Ipam.PLUGIN;
        var current = ofPlugin && engine.asksAddressSpacesForEachFamily()
                ? failing("", client::defaultAddressSpaces)
                : spaces;
        var space = isGlobal(known) ? current.global() : current.local();
        return Pools.request(ofPlugin ? client : defaultIpam, space, settings, ipv4, takeGateway, log);
    }

    /// `docker network rm`. What the plugin answers changes nothing.
    ///
    /// @throws CommandFailed if a running container is on it, or it is gone already
    public void networkRemove(Network network) {
        var user = network.active.entrySet().stream().findFirst();
        if (user.isPresent()) {
            throw new CommandFailed(
                    "error while removing network: network " + network.name()
                            + engine.activeEndpoints(
                                    network.id(),
                                    user.get().getValue(),
                                    user.get().getKey()),
                    null);
        }
        if (!networks.remove(network.name(), network)) {
            throw new CommandFailed("network " + network.name() + " not found", null);
        }
        network.ipv4Pools.releaseAll();
        network.ipv6Pools.releaseAll();
        log.goOn(() -> network.driver.deleteNetwork(network.id()));
    }

    /// `docker create --network`; the plugin hears nothing of it.
    public Container create(String name, Network network, EndpointSettings settings) {
        var container = new Container(name);
        container.networks.put(network, settings);
        return container;
    }

    /// `docker run -d --network`.
    ///
    /// @throws CommandFailed after what had been done is taken back
    public Container run(String name, Network network) {
        return run(name, network, EndpointSettings.NONE);
    }

    /// `docker run -d --network`, with `--ip`, `-p` and the like.
    ///
    /// @throws CommandFailed after what had been done is taken back
    public Container run(String name, Network network, EndpointSettings settings) {
        var container = create(name, network, settings);
        start(container);
        return container;
    }

    /// `docker start`. One that runs goes on running.
    ///
    /// @throws CommandFailed after what had been done is taken back; the container is stopped then
    public void start(Container container) {
        synchronized (container) {
            if (container.sandbox != null) {
                return;
            }
            var sandbox = new Sandbox(engine, container.name(), ids, moves, log);
            try {
                container.networks.forEach((network, settings) -> connect(sandbox, network, settings, false));
                if (!engine.setsGatewayItself()) {
                    sandbox.checkGateway();
                }
            } catch (CommandFailed failure) {
                sandbox.stop();
                throw failure;
            }
            container.sandbox = sandbox;
        }
    }

    private void connect(Sandbox sandbox, Network network, EndpointSettings settings, boolean running) {
        try {
            if (network != bridge && networks.get(network.name()) != network) {
                throw new CommandFailed("network " + network.id() + " not found", null);
            }
            sandbox.connect(network, settings, running);
        } catch (CommandFailed failure) {
            throw running
                    ? failure
                    : new CommandFailed(engine.startErrorPrefix() + failure.getMessage(), failure.getCause());
        }
    }

    /// `docker stop`, `docker kill`, `docker rm -f`, or the container's own end. What the plugin answers changes
    /// nothing.
    public void stop(Container container) {
        synchronized (container) {
            var sandbox = container.sandbox;
            if (sandbox != null) {
                container.sandbox = null;
                sandbox.stop();
            }
        }
    }

    /// `docker restart`: all endpoints are new.
    ///
    /// @throws CommandFailed as [#start]
    public void restart(Container container) {
        synchronized (container) {
            stop(container);
            start(container);
        }
    }

    /// `docker network connect`; of a stopped container the plugin hears at its next start.
    ///
    /// @throws CommandFailed after what had been done is taken back
    public void connect(Network network, Container container, EndpointSettings settings) {
        synchronized (container) {
            if (container.networks.containsKey(network)) {
                throw new CommandFailed(
                        "endpoint with name " + container.name() + " already exists in network " + network.name(),
                        null);
            }
            if (container.sandbox != null) {
                connect(container.sandbox, network, settings, true);
            }
            container.networks.put(network, settings);
        }
    }

    /// `docker network disconnect`. What the plugin answers changes nothing.
    public void disconnect(Network network, Container container) {
        synchronized (container) {
            container.networks.remove(network);
            if (container.sandbox != null) {
                container.sandbox.disconnect(network);
            }
        }
    }
}
