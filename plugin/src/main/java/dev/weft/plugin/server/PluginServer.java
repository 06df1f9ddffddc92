package dev.weft.plugin.server;

import dev.weft.http.HttpServer;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.Plugin;
import java.io.IOException;
import java.nio.file.Path;

/// Serves a [Plugin] on the unix socket where the engine looks for it: `/run/docker/plugins/NAME.sock` makes it
/// `docker network create -d NAME`.
public final class PluginServer implements AutoCloseable {
    private final HttpServer http;
    private final PluginOptions options;

    private PluginServer(HttpServer http, PluginOptions options) {
        this.http = http;
        this.options = options;
    }

    /// Serves with [PluginOptions#DEFAULT].
    ///
    /// @throws IOException if the socket cannot be made, or another process serves it; the message says what to do
    public static PluginServer start(Path socket, NetworkDriver driver) throws IOException {
        return start(socket, Plugin.of(driver), PluginOptions.DEFAULT);
    }

    /// Returns as soon as calls are answered; threads of its own go on serving, and keep the JVM alive until [#close].
    ///
    /// @throws IOException if the socket cannot be made, or another process serves it; the message says what to do
    public static PluginServer start(Path socket, Plugin plugin, PluginOptions options) throws IOException {
        var calls = new Calls(new Routes(plugin), options.callDeadline());
        return new PluginServer(HttpServer.listen(socket, calls), options);
    }

    /// Takes the socket away, lets calls in flight finish within the grace of the options, then drops what is left.
    @Override
    public void close() {
        http.stop(options.stopGrace());
    }
}
