/// The Docker Engine's plugin protocol, the plugin's side: write a `NetworkDriver`, serve it with `PluginServer`.
@org.jspecify.annotations.NullMarked
module dev.weft.plugin {
    requires static transitive org.jspecify;
    requires transitive dev.weft.inet;
    requires dev.weft.http;
    requires io.avaje.json;

    exports dev.weft.plugin;
}
