package dev.weft.plugin;

import java.util.List;
import java.util.Map;

/// What `docker run` asks of an endpoint beyond its addresses.
///
/// @param exposedPorts  `EXPOSE` of the image, `--expose`, and the container's side of `-p`
/// @param portBindings  `-p`, `-P`
/// @param dnsServers    `--dns`, as typed
/// @param driverOptions `--driver-opt` of `docker network connect` and of `docker run --network name=…`; only
///                      `createEndpoint` gets them
/// @param other         options of the engine for which there is no name here, as sent: text, numbers,
///                      booleans, lists and maps, with null inside of these only; of use to nobody so far
public record EndpointOptions(
        List<ExposedPort> exposedPorts,
        List<PortBinding> portBindings,
        List<String> dnsServers,
        Map<String, String> driverOptions,
        Map<String, Object> other) {
    /// Of a container without ports and options.
    public static final EndpointOptions NONE = new EndpointOptions(List.of(), List.of(), List.of(), Map.of(), Map.of());

    /// Copies the lists and maps.
    public EndpointOptions {
        exposedPorts = List.copyOf(exposedPorts);
        portBindings = List.copyOf(portBindings);
        dnsServers = List.copyOf(dnsServers);
        driverOptions = Map.copyOf(driverOptions);
        other = Map.copyOf(other);
    }
}
