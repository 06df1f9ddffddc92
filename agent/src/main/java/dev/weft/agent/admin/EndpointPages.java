package dev.weft.agent.admin;

import static dev.weft.json.PlainText.quoted;

import dev.weft.drivers.vxlan.VxlanMode;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.Registry;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `GET /v1/endpoints` and `GET /v1/endpoints/{container or id}`: a container can have several.
record EndpointPages(Registry registry) {
    Map<String, ?> all() {
        return Map.of("endpoints", pages(List.copyOf(registry.endpoints())));
    }

    List<Map<String, ?>> of(NetworkRecord network) {
        return pages(List.copyOf(registry.endpointsOf(network.id())));
    }

    Map<String, ?> some(String wanted) {
        var named = registry.endpoints().stream()
                .filter(endpoint -> wanted.equals(endpoint.container()))
                .toList();
        var found = named.isEmpty() ? byId(wanted) : named;
        if (found.isEmpty()) {
            throw new Rejection(
                    Rejection.NOT_FOUND,
                    "there is no endpoint " + quoted(wanted) + " here, and no container of that name in a network of"
                            + " Weft's; see 'weft endpoint ls'.");
        }
        return Map.of("endpoints", pages(found));
    }

    private List<EndpointRecord> byId(String wanted) {
        return registry.endpoints().stream()
                .filter(endpoint -> !wanted.isEmpty() && endpoint.id().startsWith(wanted))
                .toList();
    }

    /// By container, then network; those whose container is not known yet come last.
    private List<Map<String, ?>> pages(List<EndpointRecord> endpoints) {
        return endpoints.stream()
                .sorted(Comparator.comparing(EndpointRecord::container, Comparator.nullsLast(Comparator.naturalOrder()))
                        .thenComparing(endpoint -> Objects.requireNonNullElse(network(endpoint), ""))
                        .thenComparing(EndpointRecord::id))
                .<Map<String, ?>>map(this::page)
                .toList();
    }

    private Map<String, ?> page(EndpointRecord endpoint) {
        var page = new LinkedHashMap<String, @Nullable Object>();
        page.put("id", endpoint.id());
        page.put("container", endpoint.container());
        page.put("network_id", endpoint.networkId());
        page.put("network", network(endpoint));
        page.put("ipv4", endpoint.ipv4() == null ? null : endpoint.ipv4().toString());
        page.put("ipv6", endpoint.ipv6() == null ? null : endpoint.ipv6().toString());
        page.put("mac", endpoint.mac().toString());
        page.put("joined", endpoint.joined());
        page.put("port", endpoint.joined() && hasPort(endpoint) ? VxlanMode.port(endpoint.id()) : null);
        page.put("sandbox", endpoint.sandbox());
        page.put("interface", endpoint.interfaceName());
        page.put("options", new TreeMap<>(endpoint.options()));
        return page;
    }

    private boolean hasPort(EndpointRecord endpoint) {
        return registry.network(endpoint.networkId())
                .filter(network -> network.mode().equals(VxlanMode.NAME))
                .isPresent();
    }

    private @Nullable String network(EndpointRecord endpoint) {
        return registry.network(endpoint.networkId()).map(NetworkRecord::name).orElse(null);
    }
}
