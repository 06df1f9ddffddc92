package dev.weft.agent.admin;

import static dev.weft.json.PlainText.quoted;

import dev.weft.agent.member.ClusterMember;
import dev.weft.drivers.lan.LanMode;
import dev.weft.drivers.vxlan.VxlanMode;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import dev.weft.state.Registry;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `GET /v1/networks` and `GET /v1/networks/{name or id}`.
record NetworkPages(Registry registry, HostPages hosts) {
    private static final Comparator<NetworkRecord> BY_NAME =
            Comparator.comparing(NetworkRecord::title).thenComparing(NetworkRecord::id);

    Map<String, ?> all() {
        return Map.of(
                "networks",
                registry.networks().stream().sorted(BY_NAME).map(this::row).toList());
    }

    private Map<String, ?> row(NetworkRecord network) {
        var row = facts(network);
        row.put(
                "subnets",
                network.subnets().stream()
                        .map(subnet -> subnet.subnet().toString())
                        .toList());
        row.put("endpoints", registry.endpointsOf(network.id()).size());
        return row;
    }

    private static Map<String, @Nullable Object> facts(NetworkRecord network) {
        var facts = new LinkedHashMap<String, @Nullable Object>();
        facts.put("id", network.id());
        facts.put("name", network.name());
        facts.put("mode", network.mode());
        facts.put("mtu", network.mtu());
        facts.put("internal", network.internal());
        return facts;
    }

    Map<String, ?> one(String wanted) {
        var network = find(wanted);
        var page = facts(network);
        page.put(
                "subnets",
                network.subnets().stream()
                        .map(subnet -> subnet(network, subnet))
                        .toList());
        page.put("options", new TreeMap<>(network.options()));
        boolean hasBridge = network.mode().equals(VxlanMode.NAME);
        page.put("bridge", hasBridge ? VxlanMode.bridge(network.id()) : null);
        page.put("parent", network.options().get(LanMode.PARENT));
        page.put("endpoints", new EndpointPages(registry).of(network));
        page.put("cluster", hosts.cluster(network));
        return page;
    }

    /// `POST /v1/networks/{name or id}/remove`: from all hosts of the cluster.
    ///
    /// @param force also if containers are on it
    Map<String, ?> remove(String wanted, boolean force, @Nullable ClusterMember member) {
        var network = find(wanted);
        var shared = registry.sharedAs(network.id());
        if (member == null || shared.isEmpty()) {
            throw new Rejection(
                    Rejection.FAILED,
                    "network " + network.title() + " is this host's alone: remove it with 'docker network rm'.");
        }
        member.remove(shared.get(), force).ifPresent(reason -> {
            throw new Rejection(Rejection.FAILED, reason);
        });
        return Map.of("id", shared.get().id(), "name", shared.get().name());
    }

    private Map<String, ?> subnet(NetworkRecord network, NetworkSubnet subnet) {
        var facts = new LinkedHashMap<String, @Nullable Object>();
        facts.put("subnet", subnet.subnet().toString());
        facts.put("gateway", subnet.gateway() == null ? null : subnet.gateway().toString());
        var pool = network.poolId(subnet);
        facts.put("pool", registry.pool(pool).isPresent() ? pool : null);
        return facts;
    }

    /// By its name, its id, or the beginning of its id, in this order.
    private NetworkRecord find(String wanted) {
        var named = registry.networks().stream()
                .filter(network -> wanted.equals(network.name()))
                .toList();
        var found = named.isEmpty() ? byId(wanted) : named;
        if (found.isEmpty()) {
            throw new Rejection(
                    Rejection.NOT_FOUND, "there is no network " + quoted(wanted) + " here; see 'weft network ls'.");
        }
        if (found.size() > 1) {
            throw new Rejection(
                    Rejection.NOT_FOUND,
                    quoted(wanted) + " are " + found.size() + " networks; give the whole id of one, see"
                            + " 'weft network ls --json'.");
        }
        return found.getFirst();
    }

    private List<NetworkRecord> byId(String wanted) {
        return registry.networks().stream()
                .filter(network -> !wanted.isEmpty() && network.id().startsWith(wanted))
                .toList();
    }
}
