package dev.weft.plugin.server;

import static java.lang.System.Logger.Level.WARNING;

import dev.weft.http.HttpLimits;
import dev.weft.http.HttpServer;
import dev.weft.http.ServerTls;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.Plugin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Serves a [Plugin] where engines look for it: the unix socket `/run/docker/plugins/NAME.sock` makes it
/// `docker network create -d NAME`.
public final class PluginServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PluginServer.class.getName());

    private final PluginSocket socket;
    private final HttpServer http;
    private final PluginOptions options;
    /// Guarded by this.
    private final List<DiscoveryFile> announced = new ArrayList<>();

    private boolean closed;

    private PluginServer(PluginSocket socket, HttpServer http, PluginOptions options) {
        this.socket = socket;
        this.http = http;
        this.options = options;
    }

    /// Serves with [PluginOptions#DEFAULT].
    ///
    /// @param socket `/run/docker/plugins/NAME.sock`, say
    /// @throws IOException if the socket cannot be made, or another process serves it; the message says what to do
    public static PluginServer start(Path socket, NetworkDriver driver) throws IOException {
        return start(socket, Plugin.of(driver), PluginOptions.DEFAULT);
    }

    /// Serves on a unix socket.
    ///
    /// @param socket `/run/docker/plugins/NAME.sock`, say
    /// @throws IOException if the socket cannot be made, or another process serves it; the message says what to do
    public static PluginServer start(Path socket, Plugin plugin, PluginOptions options) throws IOException {
        return start(new PluginSocket.Unix(socket), plugin, options);
    }

    /// Returns as soon as calls are answered; threads of its own go on serving, and keep the JVM alive until [#close].
    ///
    /// @throws IOException if the socket cannot be had, or a file for TLS not be used; the message says what to do
    public static PluginServer start(PluginSocket socket, Plugin plugin, PluginOptions options) throws IOException {
        var calls = new Calls(new Routes(plugin), options.callDeadline());
        var limits = HttpLimits.DEFAULT;
        var http = switch (socket) {
            case PluginSocket.Unix(var path) -> HttpServer.listen(path, calls, limits);
            case PluginSocket.Inherited() -> HttpServer.listenInherited(calls, limits);
            case PluginSocket.Tcp(var address) -> HttpServer.listen(address, calls, limits);
            case PluginSocket.Tls(var address, var certificate, var key, var clientCa) ->
                HttpServer.listen(address, new ServerTls(certificate, key, clientCa), calls, limits);
        };
        return new PluginServer(socket, http, options);
    }

    /// The TCP port it is served on.
    ///
    /// @throws IllegalStateException if it is served on a unix socket
    /// @throws IOException           if the socket is closed
    public int port() throws IOException {
        return http.port();
    }

    /// Writes NAME.spec with the address, for a folder in which engines look for such files. It goes with [#close],
    /// unless another process has replaced it.
    ///
    /// @param file `/etc/docker/plugins/NAME.spec`, say; the folder is made if need be
    /// @throws IllegalStateException for TLS, which needs [#announce(Path, EngineTls)], and for an inherited socket
    /// @throws IOException           if the file cannot be written
    public void announce(Path file) throws IOException {
        var url = switch (socket) {
            case PluginSocket.Unix(var path) -> "unix://" + path.toAbsolutePath();
            case PluginSocket.Tcp(var address) -> "tcp://" + reachable(address);
            case PluginSocket.Tls _ -> throw new IllegalStateException("a .spec file cannot say which files TLS needs");
            case PluginSocket.Inherited _ ->
                throw new IllegalStateException("an inherited socket is announced by who made it");
        };
        announce(DiscoveryFile.spec(file, url));
    }

    /// Writes NAME.json with the address and the engine's files for TLS. It goes with [#close], unless another process
    /// has replaced it.
    ///
    /// @param file `/etc/docker/plugins/NAME.json`, say; the folder is made if need be
    /// @param tls  what the engine needs of its own; the files are not looked at here
    /// @throws IllegalStateException if the plugin is not served with TLS
    /// @throws IOException           if the file cannot be written
    public void announce(Path file, EngineTls tls) throws IOException {
        if (!(socket instanceof PluginSocket.Tls served)) {
            throw new IllegalStateException("the plugin is not served with TLS");
        }
        announce(DiscoveryFile.json(file, "https://" + reachable(served.address()), tls));
    }

    private synchronized void announce(DiscoveryFile file) throws IOException {
        if (closed) {
            throw new IllegalStateException("the plugin is closed");
        }
        file.write();
        announced.add(file);
    }

    /// A server on all addresses is reached from its own host on the loopback.
    private String reachable(InetSocketAddress address) throws IOException {
        var host = address.getAddress().isAnyLocalAddress() ? "127.0.0.1" : address.getHostString();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + http.port();
    }

    /// Takes the discovery files and the socket away, and answers calls in flight, and those that still come on
    /// connections that are there, within the grace of the options; drops what is left then. Again: does nothing.
    @Override
    public void close() {
        removeAnnouncements();
        http.stop(options.stopGrace());
    }

    /// Once: a file that is there later is another plugin's.
    private synchronized void removeAnnouncements() {
        closed = true;
        for (var file : announced) {
            try {
                file.remove();
            } catch (IOException failure) {
                LOG.log(WARNING, "left " + file.path() + " behind: " + failure.getMessage(), failure);
            }
        }
        announced.clear();
    }
}
