package dev.weft.agent.admin;

import dev.weft.agent.doctor.Patient;
import dev.weft.inet.AddressText;
import dev.weft.ipam.PoolUse;
import dev.weft.state.NetworkRecord;
import dev.weft.state.Registry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `GET /v1/pools`: what Weft's own IPAM driver has given.
final class PoolPage {
    private PoolPage() {}

    static Map<String, ?> of(Patient parts) {
        return Map.of(
                "pools",
                parts.ipam().use().stream()
                        .map(use -> row(use, parts.registry()))
                        .toList());
    }

    private static Map<String, ?> row(PoolUse use, Registry registry) {
        var pool = use.pool();
        var network = Optional.ofNullable(pool.networkId()).flatMap(registry::network);
        var gateway = use.gateway();
        var row = new LinkedHashMap<String, @Nullable Object>();
        row.put("id", pool.id());
        row.put("space", pool.addressSpace());
        row.put("subnet", pool.subnet().toString());
        row.put("range", pool.range().toString());
        row.put("network_id", pool.networkId());
        row.put("network", network.map(NetworkRecord::name).orElse(null));
        row.put("size", use.size());
        row.put("given", use.given());
        row.put("free", use.free());
        row.put("free_percent", use.size() == 0 ? 0 : (int) (100.0 * use.free() / use.size()));
        row.put("gateway", gateway == null ? null : AddressText.of(gateway));
        return row;
    }
}
