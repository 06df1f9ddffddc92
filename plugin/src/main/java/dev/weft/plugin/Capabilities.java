package dev.weft.plugin;

/// Answer to `NetworkDriver.GetCapabilities`.
///
/// @param scope             where a network made with the driver exists
/// @param connectivityScope how far its packets reach; the engine only shows it
/// @param gatewayAllocCheck whether the engine shall ask [NetworkDriver#gatewayAllocCheck] before it takes a gateway's
///                          address; engines before 28 never do
public record Capabilities(Scope scope, Scope connectivityScope, boolean gatewayAllocCheck) {
    /// Each network belongs to one engine. What a plugin outside swarm mode wants.
    public static final Capabilities LOCAL = new Capabilities(Scope.LOCAL, Scope.LOCAL, false);
    /// Networks are swarm's: made on a manager, and told to a node with its first container. Needs a managed plugin.
    public static final Capabilities GLOBAL = new Capabilities(Scope.GLOBAL, Scope.GLOBAL, false);

    /// With the question before each network that is made.
    public Capabilities withGatewayAllocCheck() {
        return new Capabilities(scope, connectivityScope, true);
    }

    /// How far a network reaches. Outside swarm mode engine 20.10 refuses to create networks of global
    /// drivers. In swarm mode all engines refuse swarm's networks to plugins that are not managed, whatever
    /// their scope.
    public enum Scope {
        /// One engine.
        LOCAL,
        /// All nodes of a swarm.
        GLOBAL
    }
}
