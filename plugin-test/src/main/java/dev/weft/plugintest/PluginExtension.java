package dev.weft.plugintest;

import dev.weft.plugin.Plugin;
import dev.weft.plugin.client.DockerCommands;
import dev.weft.plugin.client.EngineClient;
import dev.weft.plugin.client.EngineVersion;
import dev.weft.plugin.client.PluginAddress;
import dev.weft.plugin.server.PluginOptions;
import dev.weft.plugin.server.PluginServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Serves a new plugin to each test, on a unix socket in a folder that is gone afterwards.
///
/// ```java
/// @RegisterExtension
/// final PluginExtension plugin = PluginExtension.serving(() -> Plugin.of(new MyDriver()));
///
/// @Test
/// void a_container_gets_a_link() {
///     var docker = plugin.docker(EngineVersion.V28_5);
///     var network = docker.networkCreate(NetworkSettings.named("n1").withSubnet("10.1.0.0/24"));
///     var container = docker.run("c1", network);
///     …
/// }
/// ```
///
/// Nothing in the kernel is touched but by the driver itself. Only the test's thread may call.
public final class PluginExtension implements BeforeEachCallback, AfterEachCallback {
    private final Supplier<Plugin> maker;
    private final PluginOptions options;
    private final Map<EngineVersion, EngineClient> clients = new EnumMap<>(EngineVersion.class);
    private final Map<EngineVersion, DockerCommands> engines = new EnumMap<>(EngineVersion.class);
    private @Nullable Path folder;
    private @Nullable PluginServer server;

    private PluginExtension(Supplier<Plugin> maker, PluginOptions options) {
        this.maker = maker;
        this.options = options;
    }

    /// With [PluginOptions#DEFAULT].
    ///
    /// @param maker asked before each test, and at each [#restart]
    public static PluginExtension serving(Supplier<Plugin> maker) {
        return new PluginExtension(maker, PluginOptions.DEFAULT);
    }

    /// Another extension, with these options: a short deadline, say.
    public PluginExtension withOptions(PluginOptions other) {
        return new PluginExtension(maker, other);
    }

    /// Where the plugin listens.
    ///
    /// @throws IllegalStateException outside a test
    public Path socket() {
        if (folder == null) {
            throw new IllegalStateException("no plugin is served outside a test. Register the extension in a field "
                    + "with @RegisterExtension, and use it in test methods.");
        }
        return folder.resolve("plugin.sock");
    }

    /// Calls the plugin as that engine does; the same client throughout a test, and closed after it.
    ///
    /// @throws IllegalStateException outside a test
    public EngineClient engine(EngineVersion version) {
        var socket = socket();
        return clients.computeIfAbsent(version, engine -> EngineClient.of(engine, new PluginAddress.Unix(socket)));
    }

    /// Makes the calls of docker commands; the same engine throughout a test, with all that it remembers.
    ///
    /// @throws IllegalStateException outside a test
    public DockerCommands docker(EngineVersion version) {
        var client = engine(version);
        return engines.computeIfAbsent(version, _ -> new DockerCommands(client));
    }

    /// The plugin's process ends, and another one serves the same socket. Engines notice nothing: what the plugin has
    /// not kept elsewhere is lost.
    ///
    /// @throws IOException if the socket cannot be made again
    public void restart() throws IOException {
        stop();
        server = PluginServer.start(socket(), maker.get(), options);
    }

    private void stop() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    @Override
    public void beforeEach(ExtensionContext test) throws IOException {
        folder = Files.createTempDirectory("weft-plugin");
        restart();
    }

    @Override
    public void afterEach(ExtensionContext test) throws IOException {
        clients.values().forEach(EngineClient::close);
        clients.clear();
        engines.clear();
        stop();
        if (folder != null) {
            try (var left = Files.list(folder)) {
                for (var file : left.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
            folder = null;
        }
    }
}
