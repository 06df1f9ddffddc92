package dev.weft.agent.upkeep;

import static java.lang.System.Logger.Level.INFO;

import dev.weft.engine.EngineApi;
import dev.weft.engine.EngineException;
import dev.weft.engine.Ipam;
import dev.weft.engine.Network;
import dev.weft.engine.NetworkSpec;
import dev.weft.inet.Subnet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// `docker_gwbridge`, by which engines let containers out whose networks have no gateway. An engine makes it with the
/// first free subnet when it first needs it, and that may be one that networks use on other hosts; made beforehand, it
/// has a subnet of our choice.
final class GatewayBridge {
    private static final System.Logger LOG = System.getLogger(GatewayBridge.class.getName());
    private static final String NAME = "docker_gwbridge";
    private static final int CONFLICT = 409;

    /// As engines make it (libnetwork's defaultGwNetwork).
    private static final Map<String, String> OPTIONS = Map.of(
            "com.docker.network.bridge.name", NAME,
            "com.docker.network.bridge.enable_icc", "false",
            "com.docker.network.bridge.enable_ip_masquerade", "true");

    private final EngineApi engine;
    private final List<Subnet> subnets;
    private final Supplier<Collection<Subnet>> routes;
    private final String plugin;
    private boolean tried;

    /// @param subnets one of each family at most; none: it is the engine's to make
    /// @param routes  destinations that the host has routes to
    /// @param plugin  what the engine calls this plugin: `weft`
    GatewayBridge(EngineApi engine, List<Subnet> subnets, Supplier<Collection<Subnet>> routes, String plugin) {
        this.engine = engine;
        this.plugin = plugin;
        this.subnets = List.copyOf(subnets);
        this.routes = routes;
    }

    /// Makes it if it is not there, once, on an engine without networks of ours: one that starts a container of such a
    /// network may be making it too, and fails if it is there in the last moment.
    ///
    /// @return why that cannot be
    synchronized Optional<String> ensure(EngineView view) {
        boolean late =
                view.networks().stream().anyMatch(network -> network.name().equals(NAME) || network.isDrivenBy(plugin));
        if (subnets.isEmpty() || tried || late) {
            return Optional.empty();
        }
        tried = true;
        return makeBesideRoutes();
    }

    /// Makes it if it is not there: a network is about to come from another host, and its subnet is unknown to the
    /// engine.
    ///
    /// @return why that cannot be
    synchronized Optional<String> ensureBefore(List<Network> networks) {
        boolean isThere = networks.stream().anyMatch(network -> network.name().equals(NAME));
        return subnets.isEmpty() || isThere ? Optional.empty() : makeBesideRoutes();
    }

    private Optional<String> makeBesideRoutes() {
        var taken = routes.get();
        var conflict = subnets.stream()
                .filter(subnet -> taken.stream().anyMatch(subnet::overlaps))
                .findFirst();
        if (conflict.isPresent()) {
            return Optional.of("cannot make network " + NAME + ": its subnet " + conflict.get()
                    + " overlaps a route of this host. Name another in docker.gateway_bridge_pools.");
        }
        return make();
    }

    private Optional<String> make() {
        boolean ipv6 = subnets.stream().anyMatch(subnet -> !subnet.isIpv4());
        var pools = subnets.stream()
                .map(subnet -> new Ipam.Pool(subnet, null, null, Map.of()))
                .toList();
        try {
            engine.createNetwork(new NetworkSpec(
                    NAME, "bridge", false, ipv6, new Ipam("default", Map.of(), pools), OPTIONS, Map.of()));
            LOG.log(INFO, "made network {0} with {1}", NAME, subnets);
            return Optional.empty();
        } catch (EngineException failure) {
            return failure.status().orElse(0) == CONFLICT
                    ? Optional.empty() // the engine has made it just now
                    : Optional.of("cannot make network " + NAME + ": " + failure.getMessage());
        }
    }
}
