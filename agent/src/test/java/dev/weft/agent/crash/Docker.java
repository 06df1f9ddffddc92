package dev.weft.agent.crash;

import dev.weft.inet.Cidr;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.client.Container;
import dev.weft.plugin.client.DockerCommands;
import dev.weft.plugin.client.Endpoint;
import dev.weft.plugin.client.EndpointSettings;
import dev.weft.plugin.client.EngineClient;
import dev.weft.plugin.client.Network;
import dev.weft.plugin.client.NetworkSettings;
import dev.weft.plugin.client.PluginAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An engine on a host, and the person before it. Before each command there is a point, so that the agent is also
/// killed while nothing is asked of it.
final class Docker implements AutoCloseable {
    private final Host host;
    private final Sandboxes sandboxes;
    private final EngineClient client;
    private final DockerCommands commands;
    private final Map<String, NetworkSettings> settings = new TreeMap<>();
    private final Map<String, Network> networks = new TreeMap<>();
    private final List<Container> containers = new ArrayList<>();
    private final Map<String, EndpointSettings> asked = new TreeMap<>();

    Docker(Host host, Production production) {
        this.host = host;
        this.sandboxes = new Sandboxes(host);
        this.client = EngineClient.of(
                production.engine(), new PluginAddress.Unix(host.socket()), _ -> bringBack(production.agent()));
        this.commands = new DockerCommands(client, sandboxes);
    }

    /// While the engine waits before it repeats a call.
    private void bringBack(Production.Agent agent) {
        switch (agent) {
            case BACK_AT_ONCE -> {
                host.revive();
                host.say("reconcile");
            }
            case BACK_IN_TIME -> host.revive();
            case AWAY -> {}
        }
    }

    Network create(NetworkSettings wanted) {
        settings.put(wanted.name(), wanted);
        var network = command("network create", () -> commands.networkCreate(wanted));
        networks.put(wanted.name(), network);
        return network;
    }

    Container run(String name, Network network, EndpointSettings wanted) {
        var container = commands.create(name, network, wanted);
        containers.add(container);
        asked.put(network.name(), wanted);
        return command("run", () -> {
            commands.start(container);
            return container;
        });
    }

    /// One more container on the network, with the address that was asked for if no container has it.
    void runAnother(Network network) {
        var wanted = asked.getOrDefault(network.name(), EndpointSettings.NONE);
        boolean taken = endpoints().stream()
                .flatMap(endpoint -> Stream.ofNullable(endpoint.address()))
                .anyMatch(address -> address.address().equals(wanted.ip()));
        run("another", network, taken ? EndpointSettings.NONE : wanted);
    }

    void stop(Container container) {
        command("stop", () -> {
            commands.stop(container);
            return container;
        });
    }

    void start(Container container) {
        command("start", () -> {
            commands.start(container);
            return container;
        });
    }

    void connect(Network network, Container container) {
        command("network connect", () -> {
            commands.connect(network, container, EndpointSettings.NONE);
            return container;
        });
    }

    void disconnect(Network network, Container container) {
        command("network disconnect", () -> {
            commands.disconnect(network, container);
            return container;
        });
    }

    void remove(Network network) {
        networks.remove(network.name());
        command("network rm", () -> {
            commands.networkRemove(network);
            return network;
        });
    }

    private <T> T command(String what, Supplier<T> work) {
        host.say("point before docker " + what);
        try {
            return work.get();
        } finally {
            host.revive();
        }
    }

    List<Network> networks() {
        return List.copyOf(networks.values());
    }

    /// What the engine does not have of the networks that were asked for.
    List<NetworkSettings> missing() {
        return settings.values().stream()
                .filter(wanted -> !networks.containsKey(wanted.name()))
                .toList();
    }

    NetworkSettings settings(Network network) {
        return Objects.requireNonNull(settings.get(network.name()));
    }

    List<Container> containers() {
        return List.copyOf(containers);
    }

    List<Endpoint> endpoints() {
        return containers.stream()
                .flatMap(container -> container.endpoints().stream())
                .toList();
    }

    Sandboxes sandboxes() {
        return sandboxes;
    }

    /// What the engine has now.
    Belief belief() {
        var endpoints = containers.stream()
                .flatMap(container -> container.endpoints().stream().map(endpoint -> believed(container, endpoint)))
                .toList();
        return new Belief(networks.values().stream().map(this::believed).toList(), endpoints);
    }

    private static Belief.Endpoint believed(Container container, Endpoint endpoint) {
        return new Belief.Endpoint(
                endpoint.key().endpointId(),
                endpoint.network().id(),
                container.name(),
                endpoint.address(),
                endpoint.addressIpv6());
    }

    private Belief.Network believed(Network network) {
        boolean own = settings(network).ipam() == NetworkSettings.Ipam.PLUGIN;
        return new Belief.Network(
                network.id(),
                network.name(),
                own ? Belief.WEFT : "default",
                Stream.concat(network.ipv4().stream(), network.ipv6().stream())
                        .map(Docker::believed)
                        .toList());
    }

    private static Belief.Pool believed(IpamData data) {
        var auxiliary = new HashMap<String, InetAddress>();
        data.auxAddresses().forEach((name, address) -> auxiliary.put(name, address.address()));
        return new Belief.Pool(data.pool(), address(data.gateway()), auxiliary);
    }

    private static @Nullable InetAddress address(@Nullable Cidr cidr) {
        return cidr == null ? null : cidr.address();
    }

    @Override
    public void close() {
        client.close();
        sandboxes.close();
    }
}
