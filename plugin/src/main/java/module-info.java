/// The Docker Engine's plugin protocol, both sides: write a `NetworkDriver` or an `IpamDriver`, serve it with
/// `PluginServer`, and
/// call it with `EngineClient` as an engine does.
@org.jspecify.annotations.NullMarked
module dev.weft.plugin {
    requires static transitive org.jspecify;
    requires transitive dev.weft.inet;
    requires dev.weft.http;
    requires dev.weft.json;

    exports dev.weft.plugin;
    exports dev.weft.plugin.client;
    exports dev.weft.plugin.server;
}
