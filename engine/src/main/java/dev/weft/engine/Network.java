package dev.weft.engine;

import java.util.Map;

/// A network as the engine lists it; who is attached to it is told only of one network at a time
/// ([NetworkDetails]).
///
/// @param scope    `local`, `global` or `swarm`
/// @param internal whether containers on it are cut off from everything else
/// @param options  of the driver (`-o`)
public record Network(
        String id,
        String name,
        String driver,
        String scope,
        boolean internal,
        boolean ipv6,
        Ipam ipam,
        Map<String, String> options,
        Map<String, String> labels) {
    public Network {
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }

    /// @param plugin its name, without version and origin: a managed plugin has both in the name of the driver
    public boolean isDrivenBy(String plugin) {
        return PluginReference.isOf(plugin, driver);
    }
}
