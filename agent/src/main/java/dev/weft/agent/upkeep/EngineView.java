package dev.weft.agent.upkeep;

import dev.weft.engine.Attachment;
import dev.weft.engine.Container;
import dev.weft.engine.EngineApi;
import dev.weft.engine.EngineInfo;
import dev.weft.engine.Network;
import dev.weft.engine.NetworkDetails;
import dev.weft.engine.NetworkDetails.Attached;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the engine has, as it says itself.
///
/// The lists are of one moment; the details of a network are asked for when they are needed, because an engine tells
/// them of one network at a time.
///
/// @param details of a network by its id; empty if the engine has none such any more
public record EngineView(
        EngineInfo info,
        List<Network> networks,
        List<Container> containers,
        Function<String, Optional<NetworkDetails>> details) {
    private static final Set<String> RUNNING = Set.of("running", "paused", "restarting");

    public EngineView {
        networks = List.copyOf(networks);
        containers = List.copyOf(containers);
    }

    /// @throws dev.weft.engine.EngineException if it does not say
    public static EngineView of(EngineApi engine) {
        return new EngineView(engine.info(), engine.networks(), engine.containers(), remembering(engine::network));
    }

    private static Function<String, Optional<NetworkDetails>> remembering(
            Function<String, Optional<NetworkDetails>> asking) {
        var known = new HashMap<String, Optional<NetworkDetails>>();
        return id -> known.computeIfAbsent(id, asking);
    }

    public Optional<Network> network(String id) {
        return networks.stream().filter(network -> network.id().equals(id)).findFirst();
    }

    /// Endpoints of containers that run, and the names of these.
    Map<String, String> containersByEndpoint() {
        var names = new HashMap<String, String>();
        for (var container : running()) {
            for (var attachment : container.networks().values()) {
                if (attachment.endpointId() != null && !container.names().isEmpty()) {
                    names.put(attachment.endpointId(), container.names().getFirst());
                }
            }
        }
        return names;
    }

    /// Whether the network has the endpoint, also one of a container that is just starting.
    boolean hasEndpoint(String networkId, String endpointId) {
        return attachments(networkId).anyMatch(attachment -> endpointId.equals(attachment.endpointId()))
                || endpoints(networkId)
                        .anyMatch(endpoint -> endpoint.endpointId().equals(endpointId));
    }

    /// Ids of all endpoints of the network.
    public Set<String> endpointIds(String networkId) {
        var ids = new HashSet<String>();
        attachments(networkId)
                .map(Attachment::endpointId)
                .filter(Objects::nonNull)
                .forEach(ids::add);
        endpoints(networkId).map(Attached::endpointId).forEach(ids::add);
        return ids;
    }

    /// Of the containers that run, in no order; asks the engine nothing more.
    Set<InetAddress> containerAddresses(String networkId) {
        var addresses = new HashSet<InetAddress>();
        attachments(networkId).forEach(attachment -> {
            add(addresses, attachment.ipv4());
            add(addresses, attachment.ipv6());
        });
        return addresses;
    }

    /// Of all endpoints, the gateways and the auxiliary ones.
    public Set<InetAddress> addresses(String networkId) {
        var addresses = containerAddresses(networkId);
        endpoints(networkId).forEach(endpoint -> {
            add(addresses, endpoint.ipv4() == null ? null : endpoint.ipv4().address());
            add(addresses, endpoint.ipv6() == null ? null : endpoint.ipv6().address());
        });
        network(networkId).stream()
                .flatMap(network -> network.ipam().pools().stream())
                .forEach(pool -> {
                    addresses.addAll(pool.auxiliaryAddresses().values());
                    add(addresses, pool.gateway());
                });
        return addresses;
    }

    private static void add(Set<InetAddress> addresses, @Nullable InetAddress address) {
        if (address != null) {
            addresses.add(address);
        }
    }

    /// Lists of engines 20.10 and 26.1 show endpoints also of containers whose start has failed.
    private List<Container> running() {
        return containers.stream()
                .filter(container -> RUNNING.contains(container.state()))
                .toList();
    }

    private Stream<Attachment> attachments(String networkId) {
        return running().stream()
                .flatMap(container -> container.networks().values().stream())
                .filter(attachment -> networkId.equals(attachment.networkId()));
    }

    private Stream<Attached> endpoints(String networkId) {
        return details.apply(networkId).stream().flatMap(found -> found.endpoints().stream());
    }
}
