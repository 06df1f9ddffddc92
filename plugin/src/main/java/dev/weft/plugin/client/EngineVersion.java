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

    private static final int SHORT_ID = 12;

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

    /// Whether `EndpointOperInfo` is asked once more, right after a join, and its refusal undoes the join.
    boolean operInfoIsPartOfJoin() {
        return this != V28_5;
    }

    /// Whether endpoints of a container that also has one on `docker_gwbridge` are asked `EndpointOperInfo`.
    boolean asksOperInfoBesideGatewayBridge() {
        return this == V28_5;
    }

    /// Whether a `Join` answer that cannot be used is followed by `Leave`.
    boolean leavesAfterUnusableJoin() {
        return this == V28_5;
    }

    /// Whether a container's gateway is set by the engine, before the endpoint is its way out, or later in a hook.
    boolean setsGatewayItself() {
        return this == V28_5;
    }

    /// Whether networks of drivers with global scope exist outside swarm mode.
    boolean hasGlobalNetworksWithoutSwarm() {
        return this != V20_10;
    }

    /// Whether `GetDefaultAddressSpaces` is asked at activation, or with each `docker network create`.
    boolean asksAddressSpacesAtActivation() {
        return this == V20_10;
    }

    /// Whether `GetDefaultAddressSpaces` is asked once more for each family.
    boolean asksAddressSpacesForEachFamily() {
        return this == V28_5;
    }

    /// `docker network connect` to a running container of these versions has an option more in its Join.
    boolean namesLinkedEndpoints() {
        return this != V28_5;
    }

    /// What stands before an error of starting a container.
    String startErrorPrefix() {
        return this == V28_5 ? "failed to set up container networking: " : "";
    }

    /// Of Docker's own IPAM.
    String poolOverlaps() {
        return (this == V28_5 ? "invalid pool request: " : "") + "Pool overlaps with other one on this address space";
    }

    /// Whether `--ipv6` without an IPv6 `--subnet` gets a pool from Docker's own IPAM.
    boolean hasDefaultIpv6Pools() {
        return this == V28_5;
    }

    /// `docker network create --ipv4=false`.
    boolean canTurnIpv4Off() {
        return this == V28_5;
    }

    /// Why a network cannot be removed.
    String activeEndpoints(String networkId, String container, String endpointId) {
        return this == V28_5
                ? " has active endpoints (name:\"" + container + "\" id:\"" + endpointId.substring(0, SHORT_ID) + "\")"
                : " id " + networkId + " has active endpoints";
    }

    /// Of RequestPool's answer.
    String emptyPool() {
        return this == V28_5 ? "netip.ParsePrefix(\"\"): no '/'" : "invalid CIDR address: ";
    }

    /// Of RequestAddress's answer.
    String noAddress() {
        return this == V28_5 ? "no address returned" : "No address returned";
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
