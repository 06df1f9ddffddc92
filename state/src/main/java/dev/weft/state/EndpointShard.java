package dev.weft.state;

import static java.util.Objects.requireNonNull;

import dev.weft.json.Json;
import dev.weft.json.JsonObject;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/// Some of the endpoints that a host has in a network of the cluster: all those whose ids fall on the shard. What is
/// not
/// in it, the host does not have.
///
/// @param host      by its id
/// @param network   of the cluster, by its id
/// @param shard     from 0
/// @param version   grows with each change
/// @param endpoints by their ids
public record EndpointShard(String host, String network, int shard, long version, List<RemoteEndpoint> endpoints)
        implements StateRecord {
    /// How many there are: so many keys are written, each so much smaller, where a host has many containers.
    public static final int SHARDS = 16;

    /// More than an etcd takes in one value.
    private static final int MOST_VALUES = 1_000_000;

    public EndpointShard {
        requireNonNull(host, "host");
        requireNonNull(network, "network");
        if (shard < 0 || shard >= SHARDS) {
            throw new IllegalArgumentException("there is no shard " + shard);
        }
        endpoints = endpoints.stream()
                .sorted(Comparator.comparing(RemoteEndpoint::id))
                .toList();
    }

    /// On which one the endpoint falls.
    public static int of(String endpointId) {
        return Math.floorMod(endpointId.hashCode(), SHARDS);
    }

    @Override
    public String key() {
        return host + " " + network + " " + shard;
    }

    /// As the cluster's store has it.
    public String text() {
        var values = new LinkedHashMap<String, Object>();
        values.put("host", host);
        values.put("network", network);
        values.put("shard", shard);
        values.put("version", version);
        values.put("endpoints", endpoints.stream().map(RemoteEndpoint::values).toList());
        return Json.write(values);
    }

    /// @throws IllegalArgumentException if it is not what [#text] writes
    /// @throws dev.weft.json.MalformedJson likewise
    public static EndpointShard parse(String text) {
        var values = JsonObject.parse("the endpoints", text, MOST_VALUES);
        return new EndpointShard(
                values.string("host"),
                values.string("network"),
                values.number("shard", SHARDS - 1),
                values.number("version", 0, Long.MAX_VALUE),
                values.objects("endpoints").stream().map(RemoteEndpoint::of).toList());
    }
}
