package dev.weft.engine;

/// How an engine calls a plugin that is a network's driver: `weft`, found by its socket, or a managed plugin by its
/// reference, `weft:latest` or `registry.example:5000/group/weft:1.2`.
final class PluginReference {
    private PluginReference() {}

    /// Whether a driver is the plugin of that name, of whatever version and wherever it came from.
    static boolean isOf(String plugin, String driver) {
        var last = driver.substring(driver.lastIndexOf('/') + 1);
        int tag = last.indexOf(':');
        return (tag < 0 ? last : last.substring(0, tag)).equals(plugin);
    }
}
