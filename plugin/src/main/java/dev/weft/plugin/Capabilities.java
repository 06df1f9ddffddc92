package dev.weft.plugin;

/// Answer to `GetCapabilities`.
///
/// @param scope             where a network made with the driver exists
/// @param connectivityScope how far its packets reach; the engine only shows it
public record Capabilities(Scope scope, Scope connectivityScope) {
    /// Each network belongs to one engine. What a plugin outside swarm mode wants.
    public static final Capabilities LOCAL = new Capabilities(Scope.LOCAL, Scope.LOCAL);

    /// Outside swarm mode engine 20.10 refuses to create networks of global drivers.
    public enum Scope {
        LOCAL,
        GLOBAL
    }
}
