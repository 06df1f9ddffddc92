package dev.weft.plugintest;

import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.client.CallFailed;
import dev.weft.plugin.client.EngineClient;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What every plugin must bear, since engines do it: calls that come twice, deletes of what is not there, and calls
/// without a body, as engines repeat them after the plugin died in the middle.
public final class ProtocolChecks {
    private static final List<String> NETWORK_CALLS = List.of(
            "CreateNetwork",
            "DeleteNetwork",
            "CreateEndpoint",
            "DeleteEndpoint",
            "EndpointOperInfo",
            "Join",
            "Leave",
            "ProgramExternalConnectivity",
            "RevokeExternalConnectivity");
    private static final List<String> IPAM_CALLS =
            List.of("RequestPool", "ReleasePool", "RequestAddress", "ReleaseAddress");
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;
    private static final EndpointKey UNKNOWN = new EndpointKey("f".repeat(64), "e".repeat(64));

    private final EngineClient client;
    private final List<String> problems = new ArrayList<>();

    private ProtocolChecks(EngineClient client) {
        this.client = client;
    }

    /// Checks a network driver; the network and the endpoint are made, joined, left and deleted.
    ///
    /// @param client   of the plugin; it stays open
    /// @param network  one that the driver accepts
    /// @param endpoint one of that network
    /// @throws AssertionError naming everything that went wrong
    public static void verifyNetworks(
            EngineClient client, CreateNetworkRequest network, CreateEndpointRequest endpoint) {
        var checks = new ProtocolChecks(client);
        checks.has("NetworkDriver");
        checks.bodiesAreNeeded("NetworkDriver", NETWORK_CALLS);
        checks.unknownNetworksCanBeDeleted();
        checks.networksCanBeRepeated(network, endpoint);
        checks.fail();
    }

    /// Checks an IPAM driver; the pool is requested and released.
    ///
    /// @param client of the plugin; it stays open
    /// @param pool   names its pool, one that the driver accepts and has not given yet
    /// @throws NullPointerException if it names none
    /// @throws AssertionError naming everything that went wrong
    public static void verifyAddresses(EngineClient client, PoolRequest pool) {
        Objects.requireNonNull(pool.pool(), "a request that names its pool is needed: only such ones are repeated");
        var checks = new ProtocolChecks(client);
        checks.has("IpamDriver");
        checks.bodiesAreNeeded("IpamDriver", IPAM_CALLS);
        checks.addressesCanBeRepeated(pool, pool.pool().address());
        checks.fail();
    }

    private void has(String role) {
        var roles = client.activate();
        if (!roles.contains(role)) {
            problems.add("this plugin is no " + role + ": Plugin.Activate was answered " + roles);
            fail();
        }
    }

    private void bodiesAreNeeded(String role, List<String> calls) {
        for (var call : calls) {
            try {
                var answer = client.post("/" + role + "." + call, "");
                problems.add(call + " without a body was answered " + answer + ". Refuse it: engines send it instead "
                        + "of a call that the plugin left unanswered, and take the answer for that call's.");
            } catch (CallFailed refused) {
                if (!isRefusal(refused)) {
                    problems.add(call + " without a body was not refused but failed: " + refused.getMessage());
                }
            }
        }
    }

    /// An error status too, but not one that says that there is no such call, or that the plugin is at fault.
    private static boolean isRefusal(CallFailed failure) {
        return switch (failure.kind()) {
            case REFUSED -> true;
            case STATUS -> failure.status() != NOT_FOUND && failure.status() < SERVER_ERROR;
            default -> false;
        };
    }

    private void unknownNetworksCanBeDeleted() {
        succeeds("Leave of an unknown endpoint", () -> client.leave(UNKNOWN));
        succeeds("RevokeExternalConnectivity of an unknown endpoint", () -> client.revokeExternalConnectivity(UNKNOWN));
        succeeds("DeleteEndpoint of an unknown endpoint", () -> client.deleteEndpoint(UNKNOWN));
        succeeds("DeleteNetwork of an unknown network", () -> client.deleteNetwork(UNKNOWN.networkId()));
    }

    private void networksCanBeRepeated(CreateNetworkRequest network, CreateEndpointRequest endpoint) {
        succeeds("CreateNetwork", () -> client.createNetwork(network));
        succeeds("CreateNetwork once more", () -> client.createNetwork(network));
        var first = answer("CreateEndpoint", () -> client.createEndpoint(endpoint));
        var second = answer("CreateEndpoint once more", () -> client.createEndpoint(endpoint));
        same("CreateEndpoint", first, second);
        var join = new JoinRequest(endpoint.endpoint(), "/var/run/docker/netns/none", EndpointOptions.NONE);
        var joined = answer("Join", () -> client.join(join));
        same("Join", joined, answer("Join once more", () -> client.join(join)));
        succeeds("EndpointOperInfo", () -> client.endpointOperInfo(endpoint.endpoint()));
        succeeds("EndpointOperInfo once more", () -> client.endpointOperInfo(endpoint.endpoint()));
        succeeds("Leave", () -> client.leave(endpoint.endpoint()));
        succeeds("Leave once more", () -> client.leave(endpoint.endpoint()));
        succeeds("DeleteEndpoint", () -> client.deleteEndpoint(endpoint.endpoint()));
        succeeds("DeleteEndpoint once more", () -> client.deleteEndpoint(endpoint.endpoint()));
        succeeds("DeleteNetwork", () -> client.deleteNetwork(network.networkId()));
        succeeds("DeleteNetwork once more", () -> client.deleteNetwork(network.networkId()));
    }

    private void addressesCanBeRepeated(PoolRequest request, InetAddress ofUnknownPool) {
        succeeds(
                "ReleaseAddress of an unknown pool",
                () -> client.releaseAddress(new AddressKey("unknown", ofUnknownPool)));
        succeeds("ReleasePool of an unknown pool", () -> client.releasePool("unknown"));
        var pool = answer("RequestPool", () -> client.requestPool(request));
        same("RequestPool", pool, answer("RequestPool once more", () -> client.requestPool(request)));
        if (pool == null) {
            return;
        }
        var address = answer("RequestAddress", () -> client.requestAddress(named(pool.poolId(), null)));
        if (address != null) {
            var again = answer(
                    "RequestAddress of what is given",
                    () -> client.requestAddress(named(pool.poolId(), address.address())));
            same("RequestAddress", address, again);
            var key = new AddressKey(pool.poolId(), address.address());
            succeeds("ReleaseAddress", () -> client.releaseAddress(key));
            succeeds("ReleaseAddress once more", () -> client.releaseAddress(key));
        }
        succeeds("ReleasePool", () -> client.releasePool(pool.poolId()));
        succeeds("ReleasePool once more", () -> client.releasePool(pool.poolId()));
    }

    private static AddressRequest named(String pool, @Nullable InetAddress address) {
        return new AddressRequest(pool, address, false, null, Map.of());
    }

    private void succeeds(String what, Runnable call) {
        try {
            call.run();
        } catch (CallFailed failure) {
            problems.add(what + " failed: " + failure.getMessage());
        }
    }

    private <T> @Nullable T answer(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (CallFailed failure) {
            problems.add(what + " failed: " + failure.getMessage());
            return null;
        }
    }

    /// A missing answer is a problem already.
    private void same(String what, @Nullable Object first, @Nullable Object second) {
        if (first != null && second != null && !first.equals(second)) {
            problems.add(what + " was answered " + first + ", and once more " + second);
        }
    }

    private void fail() {
        if (!problems.isEmpty()) {
            throw new AssertionError("this plugin does not bear what engines do:\n- " + String.join("\n- ", problems));
        }
    }
}
