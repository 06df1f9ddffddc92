package dev.weft.plugin.client;

import static dev.weft.plugin.wire.Protocol.CREATE_NETWORK;
import static dev.weft.plugin.wire.Protocol.GW_ALLOC_CHECK;
import static dev.weft.plugin.wire.Protocol.PROGRAM_EXTERNAL_CONNECTIVITY;

import dev.weft.plugin.wire.Call;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Docker Engines whose ways with plugins have been recorded.
public enum EngineVersion {
    /// 20.10.24.
    V20_10("20.10"),
    /// 26.1.5.
    V26_1("26.1"),
    /// 28.5.2.
    V28_5("28.5");

    private static final String ENABLE_IPV4 = "com.docker.network.enable_ipv4";
    private static final String NO_PROXY = "com.docker.network.driver.private.no_proxy_6to4";

    private final String number;

    EngineVersion(String number) {
        this.number = number;
    }

    /// `28.5`.
    @Override
    public String toString() {
        return number;
    }

    /// Value of the Host header on unix sockets.
    String hostOnUnixSockets() {
        return this == V20_10 ? "" : "plugin.moby.localhost";
    }

    /// Whether it asks `GwAllocCheck` of drivers that offer it.
    boolean asksGatewayAllocCheck() {
        return this == V28_5;
    }

    /// How often `EndpointOperInfo` is asked after a join, and whether a refusal of it undoes the join.
    int endpointOperInfos() {
        return this == V28_5 ? 1 : 2;
    }

    /// As this version writes the request's body.
    Map<String, Object> asWritten(Call<?, ?> call, Map<String, Object> body) {
        if (call.equals(CREATE_NETWORK) || call.equals(GW_ALLOC_CHECK)) {
            return this == V28_5 ? body : withOptions(body, options -> options.remove(ENABLE_IPV4));
        }
        if (call.equals(PROGRAM_EXTERNAL_CONNECTIVITY) && this == V28_5) {
            return withOptions(body, options -> options.putIfAbsent(NO_PROXY, false));
        }
        return body;
    }

    /// A CreateEndpoint on an internal network, for which all versions leave the ports out.
    static Map<String, Object> withoutPorts(Map<String, Object> body) {
        return withOptions(body, options -> {
            options.remove("com.docker.network.endpoint.exposedports");
            options.remove("com.docker.network.portmap");
        });
    }

    private static Map<String, Object> withOptions(Map<String, Object> body, Consumer<Map<String, Object>> change) {
        var copy = new LinkedHashMap<>(body);
        copy.computeIfPresent("Options", (_, options) -> {
            var changed = new TreeMap<String, Object>();
            ((Map<?, ?>) options).forEach((key, value) -> changed.put((String) key, value));
            change.accept(changed);
            return changed;
        });
        return copy;
    }
}
