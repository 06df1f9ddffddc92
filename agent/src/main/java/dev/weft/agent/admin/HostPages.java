package dev.weft.agent.admin;

import dev.weft.agent.doctor.Patient;
import dev.weft.inet.AddressText;
import dev.weft.state.HostRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.SharedNetwork;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `GET /v1/hosts`, and what other hosts have in a network.
record HostPages(Patient parts) {
    /// By name.
    Map<String, ?> all() {
        return Map.of(
                "hosts",
                parts.registry().hosts().stream()
                        .sorted(Comparator.comparing(HostRecord::name).thenComparing(HostRecord::id))
                        .map(this::page)
                        .toList());
    }

    private Map<String, ?> page(HostRecord host) {
        var member = parts.member();
        var page = new LinkedHashMap<String, @Nullable Object>();
        page.put("id", host.id());
        page.put("name", host.name());
        page.put("addresses", host.addresses().stream().map(AddressText::of).toList());
        page.put("port", host.port());
        page.put("version", host.weft());
        page.put("forgotten", host.forgotten());
        page.put("self", member != null && member.id().equals(host.id()));
        page.put(
                "heard",
                member == null
                        ? null
                        : member.heard(host.id()).map(Object::toString).orElse(null));
        page.put("endpoints", endpoints(host.id()));
        return page;
    }

    private long endpoints(String host) {
        return parts.registry().shards().stream()
                .filter(shard -> shard.host().equals(host))
                .mapToLong(shard -> shard.endpoints().size())
                .sum();
    }

    /// What the cluster knows of a network of this host; null if it is this host's alone.
    @Nullable
    Map<String, ?> cluster(NetworkRecord network) {
        return parts.registry().sharedAs(network.id()).map(this::shared).orElse(null);
    }

    private Map<String, ?> shared(SharedNetwork shared) {
        var facts = new LinkedHashMap<String, @Nullable Object>();
        facts.put("id", shared.id());
        facts.put("vni", shared.vni() == 0 ? null : shared.vni());
        facts.put("creator", name(shared.creator()));
        facts.put("endpoints", others(shared.id()));
        return facts;
    }

    /// Endpoints of other hosts, by host and container.
    private List<Map<String, ?>> others(String sharedId) {
        var self = parts.registry().member().map(member -> member.id()).orElse("");
        var rows = new ArrayList<Map<String, ?>>();
        parts.registry().shardsOf(sharedId).stream()
                .filter(shard -> !shard.host().equals(self))
                .forEach(shard -> shard.endpoints().forEach(endpoint -> {
                    var row = new LinkedHashMap<String, @Nullable Object>();
                    row.put("id", endpoint.id());
                    row.put("container", endpoint.container());
                    row.put("host", name(shard.host()));
                    row.put(
                            "ipv4",
                            endpoint.ipv4() == null ? null : endpoint.ipv4().toString());
                    row.put(
                            "ipv6",
                            endpoint.ipv6() == null ? null : endpoint.ipv6().toString());
                    row.put("mac", endpoint.mac().toString());
                    rows.add(row);
                }));
        rows.sort(Comparator.comparing((Map<String, ?> row) -> text(row, "host"))
                .thenComparing(row -> text(row, "container"))
                .thenComparing(row -> text(row, "id")));
        return rows;
    }

    private static String text(Map<String, ?> row, String name) {
        return Objects.requireNonNullElse(row.get(name), "").toString();
    }

    private String name(String hostId) {
        return parts.registry().host(hostId).map(HostRecord::name).orElse(hostId);
    }
}
