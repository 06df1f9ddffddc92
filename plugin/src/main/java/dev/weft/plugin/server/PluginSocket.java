package dev.weft.plugin.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a plugin is served.
public sealed interface PluginSocket {
    /// A unix socket, mode 0600. In `/run/docker/plugins/NAME.sock` the engine finds it as NAME by itself.
    ///
    /// @param path its folder is made if need be; a socket that nobody serves is replaced
    record Unix(Path path) implements PluginSocket {}

    /// The listening socket that the process was started with as standard input: systemd's `StandardInput=socket` with
    /// one socket. It is there before the plugin, and stays while the plugin is replaced: calls wait.
    record Inherited() implements PluginSocket {}

    /// TCP without encryption: whoever reaches the address commands the plugin.
    ///
    /// @param address to listen on; port 0 takes a free one, which [PluginServer#port] tells
    record Tcp(InetSocketAddress address) implements PluginSocket {}

    /// TCP with TLS 1.2 or 1.3. Files are PEM and read once.
    ///
    /// @param address     to listen on; port 0 takes a free one, which [PluginServer#port] tells
    /// @param certificate the plugin's, followed by its intermediate ones
    /// @param key         of the certificate, PKCS#8 without a password
    /// @param clientCa    who signs the certificates of engines, which are then required; null: anyone may call
    record Tls(
            InetSocketAddress address,
            Path certificate,
            Path key,
            @Nullable Path clientCa) implements PluginSocket {}
}
