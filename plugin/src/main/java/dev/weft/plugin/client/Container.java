package dev.weft.plugin.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A container, of which there is nothing but its networks. Commands on one container run one after the other.
public final class Container {
    private final String name;
    /// In the order in which they are joined at a start.
    final Map<Network, EndpointSettings> networks = new LinkedHashMap<>();
    /// Only while it runs.
    @Nullable
    Sandbox sandbox;

    Container(String name) {
        this.name = name;
    }

    /// As given to `docker run` or `docker create`; only for messages.
    public String name() {
        return name;
    }

    /// By the name of their networks; none while the container is stopped.
    public synchronized List<Endpoint> endpoints() {
        return sandbox == null ? List.of() : sandbox.endpoints();
    }

    /// Empty while the container is stopped, or if it is not on that network.
    public Optional<Endpoint> endpoint(Network network) {
        return endpoints().stream()
                .filter(endpoint -> endpoint.network() == network)
                .findFirst();
    }
}
