package dev.weft.agent.rebuild;

import dev.weft.engine.Attachment;
import dev.weft.engine.ContainerDetails;
import dev.weft.engine.EngineApi;
import dev.weft.engine.EngineInfo;
import dev.weft.engine.Network;
import dev.weft.engine.NetworkDetails;
import dev.weft.engine.NetworkDetails.Attached;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the Docker API says.
///
/// @param networks   whose driver or whose IPAM driver is Weft
/// @param containers in them, by their id
record EngineFacts(EngineInfo info, List<NetworkDetails> networks, Map<String, ContainerDetails> containers) {
    /// What engines call Weft: its plugin socket's name.
    private static final String PLUGIN = "weft";

    EngineFacts {
        networks = List.copyOf(networks);
        containers = Map.copyOf(containers);
    }

    /// @throws dev.weft.engine.EngineException if it does not say all
    static EngineFacts of(EngineApi engine) {
        var networks = engine.networks().stream()
                .filter(network -> isOurs(network) || hasOurAddresses(network))
                .flatMap(network -> engine.network(network.id()).stream())
                .toList();
        var containers = new HashMap<String, ContainerDetails>();
        for (var network : networks) {
            for (var endpoint : network.endpoints()) {
                var id = endpoint.containerId();
                if (id != null && !containers.containsKey(id)) {
                    engine.container(id).ifPresent(container -> containers.put(id, container));
                }
            }
        }
        return new EngineFacts(engine.info(), networks, containers);
    }

    static boolean isOurs(Network network) {
        return network.isDrivenBy(PLUGIN);
    }

    static boolean hasOurAddresses(Network network) {
        return network.ipam().isOf(PLUGIN);
    }

    Optional<ContainerDetails> container(Attached endpoint) {
        return Optional.ofNullable(endpoint.containerId()).map(containers::get);
    }

    /// The `--driver-opt` pairs of an endpoint.
    Map<String, String> options(Attached endpoint) {
        return container(endpoint).stream()
                .flatMap(container -> container.networks().values().stream())
                .filter(attachment -> endpoint.endpointId().equals(attachment.endpointId()))
                .map(Attachment::options)
                .findFirst()
                .orElse(Map.of());
    }
}
