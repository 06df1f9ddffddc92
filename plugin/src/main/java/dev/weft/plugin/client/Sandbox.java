package dev.weft.plugin.client;

import dev.weft.inet.AddressText;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.ExternalConnectivityRequest;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.Refusal;
import dev.weft.plugin.client.CallFailed.Kind;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The network side of one running container: which calls connecting and disconnecting it mean, in what order, and what
/// follows a failure. Source: recordings 05, 08, 10, 17 to 19 and 83. Guarded by its container.
final class Sandbox {
    private static final int NOT_FOUND = 404;

    /// With what the engine needs to take it away again.
    private record Attached(
            Endpoint endpoint, Pools.@Nullable Given ipv4, Pools.@Nullable Given ipv6, EndpointOptions ports) {
        NetworkDriver driver() {
            return endpoint.network().driver;
        }

        boolean offLink() {
            return isOffLink(endpoint.joined().gateway(), endpoint.address())
                    || isOffLink(endpoint.joined().gatewayIpv6(), endpoint.addressIpv6());
        }

        private boolean isOffLink(@Nullable InetAddress gateway, @Nullable Cidr address) {
            return gateway != null
                    && !(gateway instanceof Inet6Address && gateway.isLinkLocalAddress())
                    && (address == null || !address.subnet().contains(gateway))
                    && endpoint.joined().staticRoutes().stream()
                            .noneMatch(route -> route.nextHop() == null
                                    && route.destination().contains(gateway));
        }
    }

    private final EngineVersion engine;
    private final String container;
    private final Ids ids;
    private final LinkMoves moves;
    private final CommandLog log;
    private final String key;
    /// By the network's name: the first that has a gateway is the container's way out.
    private final TreeMap<String, Attached> attached = new TreeMap<>();

    Sandbox(EngineVersion engine, String container, Ids ids, LinkMoves moves, CommandLog log) {
        this.engine = engine;
        this.container = container;
        this.ids = ids;
        this.moves = moves;
        this.log = log;
        this.key = ids.sandboxKey();
        moves.open(key);
    }

    List<Endpoint> endpoints() {
        return attached.values().stream().map(Attached::endpoint).toList();
    }

    private @Nullable Attached wayOut() {
        return attached.values().stream()
                .filter(candidate -> candidate.endpoint().hasGateway())
                .findFirst()
                .orElse(null);
    }

    /// Without a way out the engine connects the container to `docker_gwbridge` too.
    private boolean hasGatewayBridge() {
        Collection<Attached> all = attached.values();
        return wayOut() == null
                && all.stream().noneMatch(one -> one.endpoint().joined().disableGatewayService())
                && all.stream().anyMatch(one -> !one.endpoint().network().internal());
    }

    /// @param running whether the container runs already: `docker network connect`
    /// @throws CommandFailed after everything is taken back
    void connect(Network network, EndpointSettings settings, boolean running) {
        askOperInfos();
        var mac = settings.mac() == null && network.requiresMac ? ids.mac() : settings.mac();
        var ipv4 = network.ipv4Pools.requestAddress(settings.ip(), network.requiresMac ? mac : null);
        Pools.Given ipv6;
        try {
            ipv6 = network.ipv6Pools.requestAddress(settings.ip6(), network.requiresMac ? mac : null);
        } catch (CommandFailed failure) {
            network.ipv4Pools.releaseAddress(ipv4);
            throw failure;
        }
        try {
            create(network, settings, ipv4, ipv6, mac, running);
        } catch (CommandFailed failure) {
            network.ipv4Pools.releaseAddress(ipv4);
            network.ipv6Pools.releaseAddress(ipv6);
            throw failure;
        }
    }

    private void create(
            Network network,
            EndpointSettings settings,
            Pools.@Nullable Given ipv4,
            Pools.@Nullable Given ipv6,
            @Nullable MacAddress mac,
            boolean running) {
        var endpoint = new EndpointKey(network.id(), ids.id());
        var request = new CreateEndpointRequest(
                endpoint,
                ipv4 == null ? null : ipv4.address(),
                ipv6 == null ? null : ipv6.address(),
                mac,
                createOptions(settings));
        var prefix = "failed to create endpoint " + container + " on network " + network.name() + ": ";
        CreateEndpointReply reply;
        try {
            reply = network.driver.createEndpoint(request);
        } catch (CallFailed | Refusal failure) {
            throw new CommandFailed(prefix + failure.getMessage(), failure);
        }
        var change = change(request, reply);
        if (change != null) {
            throw new CommandFailed(prefix + change + rolledBack(() -> network.driver.deleteEndpoint(endpoint)), null);
        }
        try {
            join(network, request, reply, new Attachment(settings, ipv4, ipv6), running);
        } catch (CommandFailed failure) {
            log.goOn(() -> network.driver.deleteEndpoint(endpoint));
            throw failure;
        }
    }

    private record Attachment(EndpointSettings settings, Pools.@Nullable Given ipv4, Pools.@Nullable Given ipv6) {}

    /// What the reply changes of what the engine had given.
    private static @Nullable String change(CreateEndpointRequest request, CreateEndpointReply reply) {
        if (reply.mac() != null && request.mac() != null) {
            return "driver modified interface MAC address: endpoint interface MAC address present (" + request.mac()
                    + "). Cannot be modified with " + reply.mac() + ".";
        }
        if (reply.address() != null && request.address() != null) {
            return "driver modified interface address: endpoint interface IP present (" + request.address()
                    + "). Cannot be modified with (" + reply.address() + ").";
        }
        if (reply.addressIpv6() != null && request.addressIpv6() != null) {
            return "driver modified interface address: endpoint interface IPv6 present (" + request.addressIpv6()
                    + "). Cannot be modified with (" + reply.addressIpv6() + ").";
        }
        return null;
    }

    private String rolledBack(Runnable call) {
        var failure = log.goOn(call);
        return failure == null ? "; rolled back" : "; failed to roll back: " + failure.getMessage();
    }

    /// Leaves the endpoint where the engine does; the caller deletes it.
    private void join(
            Network network,
            CreateEndpointRequest created,
            CreateEndpointReply reply,
            Attachment attachment,
            boolean running) {
        var endpoint = created.endpoint();
        JoinReply joined;
        try {
            joined = network.driver.join(new JoinRequest(endpoint, key, joinOptions(attachment.settings(), running)));
        } catch (CallFailed | Refusal failure) {
            boolean leaves = failure instanceof CallFailed call
                    && call.kind() == Kind.UNUSABLE
                    && engine.leavesAfterUnusableJoin();
            throw new CommandFailed(
                    failure.getMessage() + (leaves ? rolledBack(() -> network.driver.leave(endpoint)) : ""), failure);
        }
        var result = new Endpoint(
                endpoint,
                network,
                created.address() == null ? reply.address() : created.address(),
                created.addressIpv6() == null ? reply.addressIpv6() : created.addressIpv6(),
                created.mac() == null ? reply.mac() : created.mac(),
                joined);
        attach(
                new Attached(result, attachment.ipv4(), attachment.ipv6(), joinOptions(attachment.settings(), running)),
                running);
    }

    private void attach(Attached added, boolean running) {
        var before = wayOut();
        var name = added.endpoint().network().name();
        attached.put(name, added);
        try {
            moveIn(added.endpoint());
            if (added.equals(wayOut())) {
                becomeWayOut(added, before, running);
            }
        } catch (CommandFailed failure) {
            attached.remove(name);
            log.goOn(() -> added.driver().leave(added.endpoint().key()));
            moves.moveOut(added.endpoint(), key);
            throw failure;
        }
        added.endpoint().network().active.put(added.endpoint().key().endpointId(), container);
        askOperInfoOfJoin(added);
        askOperInfos();
    }

    private void moveIn(Endpoint endpoint) {
        moves.moveIn(endpoint, key).ifPresent(why -> {
            throw new CommandFailed("failed to add interface to sandbox: " + why, null);
        });
    }

    private void becomeWayOut(Attached added, @Nullable Attached before, boolean running) {
        if ((running || engine.setsGatewayItself()) && added.offLink()) {
            throw new CommandFailed("updating gateway endpoint: failed to set gateway: " + unreachable(added), null);
        }
        if (before != null) {
            log.goOn(() ->
                    before.driver().revokeExternalConnectivity(before.endpoint().key()));
        }
        try {
            program(added);
        } catch (CallFailed | Refusal failure) {
            if (before != null) {
                log.goOn(() -> program(before));
            }
            throw new CommandFailed(
                    "driver failed programming external connectivity on endpoint " + container + " ("
                            + added.endpoint().key().endpointId() + "): " + failure.getMessage(),
                    failure);
        }
    }

    /// A plugin that does not know the call is an old one.
    private static void program(Attached wayOut) {
        if (wayOut.endpoint().network().internal()) {
            return;
        }
        try {
            wayOut.driver()
                    .programExternalConnectivity(
                            new ExternalConnectivityRequest(wayOut.endpoint().key(), wayOut.ports()));
        } catch (CallFailed failure) {
            if (failure.status() != NOT_FOUND) {
                throw failure;
            }
        }
    }

    private static String unreachable(Attached wayOut) {
        var joined = wayOut.endpoint().joined();
        var gateway = joined.gateway() == null ? joined.gatewayIpv6() : joined.gateway();
        return "route for the gateway " + (gateway == null ? "" : AddressText.of(gateway))
                + " could not be found: network is unreachable";
    }

    private void askOperInfoOfJoin(Attached added) {
        if (!engine.operInfoIsPartOfJoin() || hasGatewayBridge()) {
            return;
        }
        try {
            var _ = added.driver().endpointOperInfo(added.endpoint().key());
        } catch (CallFailed | Refusal failure) {
            leave(added);
            throw new CommandFailed("Updating join info failed: " + failure.getMessage(), failure);
        }
    }

    private void askOperInfos() {
        if (hasGatewayBridge() && !engine.asksOperInfoBesideGatewayBridge()) {
            return;
        }
        attached.values()
                .forEach(one -> log.goOn(
                        () -> one.driver().endpointOperInfo(one.endpoint().key())));
    }

    /// The last step of a start, in a hook, where the engine has not set the gateway itself.
    ///
    /// @throws CommandFailed if it cannot be set
    void checkGateway() {
        var wayOut = wayOut();
        if (wayOut != null && wayOut.offLink()) {
            throw new CommandFailed("failed to set gateway while updating gateway: " + unreachable(wayOut), null);
        }
    }

    void disconnect(Network network) {
        var gone = attached.get(network.name());
        if (gone != null) {
            leave(gone);
            askOperInfos();
            delete(gone);
        }
    }

    void stop() {
        for (var gone : new ArrayList<>(attached.values())) {
            leave(gone);
            delete(gone);
        }
        moves.close(key);
    }

    private void leave(Attached gone) {
        var endpoint = gone.endpoint().key();
        boolean wasWayOut = gone.equals(wayOut());
        if (wasWayOut) {
            log.goOn(() -> gone.driver().revokeExternalConnectivity(endpoint));
        }
        log.goOn(() -> gone.driver().leave(endpoint));
        moves.moveOut(gone.endpoint(), key);
        attached.remove(gone.endpoint().network().name());
        gone.endpoint().network().active.remove(endpoint.endpointId());
        var next = wayOut();
        if (wasWayOut && next != null) {
            log.goOn(() -> program(next));
        }
    }

    private void delete(Attached gone) {
        var network = gone.endpoint().network();
        log.goOn(() -> gone.driver().deleteEndpoint(gone.endpoint().key()));
        network.ipv4Pools.releaseAddress(gone.ipv4());
        network.ipv6Pools.releaseAddress(gone.ipv6());
    }

    private static EndpointOptions createOptions(EndpointSettings settings) {
        var options = settings.options();
        var mac = settings.mac();
        if (mac == null) {
            return options;
        }
        var other = new HashMap<>(options.other());
        other.put("com.docker.network.endpoint.macaddress", Base64.getEncoder().encodeToString(mac.toBytes()));
        return new EndpointOptions(
                options.exposedPorts(), options.portBindings(), options.dnsServers(), options.driverOptions(), other);
    }

    private EndpointOptions joinOptions(EndpointSettings settings, boolean running) {
        return ports(
                settings.options(),
                running && engine.namesLinkedEndpoints()
                        ? Map.of("com.docker.network.generic", noLinkedEndpoints())
                        : Map.of());
    }

    /// Of `--link`.
    private static Map<String, @Nullable Object> noLinkedEndpoints() {
        var links = new LinkedHashMap<String, @Nullable Object>();
        links.put("ChildEndpoints", null);
        links.put("ParentEndpoints", null);
        return links;
    }

    private static EndpointOptions ports(EndpointOptions options, Map<String, Object> other) {
        return new EndpointOptions(options.exposedPorts(), options.portBindings(), List.of(), Map.of(), other);
    }
}
