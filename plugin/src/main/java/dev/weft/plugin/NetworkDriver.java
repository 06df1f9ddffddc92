package dev.weft.plugin;

import java.util.Map;

/// What a plugin does for the networks and endpoints that an engine entrusts to it.
///
/// Only networks, endpoints and [#join] must be written. To refuse a call, throw [Refusal] with a sentence
/// for the person who typed the docker command. Any other exception or error, and null as an answer, is a
/// fault of the plugin: it is logged with its stack trace, and the person reads that the plugin failed
/// unexpectedly. To the engine both are failures of the call, and what it does then is said at each method.
///
/// What engines 20.10 to 28.5 do (libnetwork's remote driver):
///
/// - **Any call may come twice.** Creating what already exists as asked, and deleting what does not, must succeed.
/// - **Deletes are sent once, if at all.** The engine forgets the thing whatever the answer, or if there is none.
/// - **Existing networks are never told again**, neither after a restart of the engine nor of the plugin.
/// - **Order** holds per endpoint; calls of different endpoints run in parallel, each on another thread.
/// - **A call past its deadline** is answered for the driver, but its work goes on, and the engine's undoing
///   calls may overlap with it: hold a lock per network or endpoint.
/// - **Names are not told**: neither the network's, nor the container's name, labels or id.
public interface NetworkDriver {
    /// Asked once, after activation; a restarted plugin is not asked again.
    default Capabilities capabilities() {
        return Capabilities.LOCAL;
    }

    /// Swarm mode, on a manager: a network of a driver with global scope is made. By default its options are kept.
    ///
    /// @return the options that all nodes then get with [#createNetwork], instead of the user's
    default Map<String, String> allocateNetwork(AllocateNetworkRequest request) {
        return request.options();
    }

    /// Swarm mode, on a manager: the network is gone everywhere.
    ///
    /// @param networkId as in [AllocateNetworkRequest]
    default void freeNetwork(String networkId) {}

    /// Before `docker network create`, if [Capabilities#gatewayAllocCheck] is set; a refusal fails the
    /// command. Engine 28.5 only. By default gateways are taken.
    default GatewayAllocCheckReply gatewayAllocCheck(GatewayAllocCheckRequest request) {
        return GatewayAllocCheckReply.TAKE;
    }

    /// `docker network create`. After a refusal the engine forgets the network without [#deleteNetwork].
    void createNetwork(CreateNetworkRequest request);

    /// `docker network rm`; containers that still run are never on it, stopped ones may be. A refusal is only
    /// logged by the engine, and the network is gone.
    ///
    /// @param networkId as in [CreateNetworkRequest]; possibly of a network that is not known
    void deleteNetwork(String networkId);

    /// First half of starting or connecting a container; each start has a new endpoint id. After a refusal comes
    /// no [#deleteEndpoint]. Answer only what the request left open: changing a given address fails the command,
    /// and then [#deleteEndpoint] does come.
    CreateEndpointReply createEndpoint(CreateEndpointRequest request);

    /// Must also undo [#join]: a refused one is followed by this without [#leave]. A refusal is only logged
    /// by the engine, and the endpoint is gone.
    void deleteEndpoint(EndpointKey endpoint);

    /// Names the link that the engine then moves into the sandbox, renames, and gives its addresses and
    /// routes. After a refusal comes [#deleteEndpoint]; after an answer that the engine cannot use, [#leave]
    /// before it.
    JoinReply join(JoinRequest request);

    /// The container stops or is disconnected; the link is back in the host's namespace under its old name,
    /// and down. By default nothing: [#deleteEndpoint] follows. A refusal is only logged by the engine.
    default void leave(EndpointKey endpoint) {}

    /// Free-form facts, asked after every join, by 20.10 and 26.1 twice; these fail `docker run` if it is
    /// refused, and 28.5 goes on.
    ///
    /// @return values are [String], [Number] (finite), [Boolean], null, or a [java.util.List] or [Map] of
    ///         these
    default Map<String, Object> endpointOperInfo(EndpointKey endpoint) {
        return Map.of();
    }

    /// The endpoint has become its container's way out: publish its ports. Only if [#join] answered a
    /// gateway. After a refusal come [#leave] and [#deleteEndpoint].
    default void programExternalConnectivity(ExternalConnectivityRequest request) {}

    /// Another endpoint becomes the way out, or the container stops; may come without
    /// [#programExternalConnectivity]. A refusal is only logged by the engine.
    default void revokeExternalConnectivity(EndpointKey endpoint) {}

    /// Swarm mode: a node has joined, this one included. Drivers of global scope only.
    default void discoverNew(Discovery discovery) {}

    /// Swarm mode: a node has left. Seen of no engine yet.
    default void discoverDelete(Discovery discovery) {}
}
