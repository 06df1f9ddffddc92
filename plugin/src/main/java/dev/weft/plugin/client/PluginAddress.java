package dev.weft.plugin.client;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a plugin listens.
public sealed interface PluginAddress {
    /// A socket file.
    record Unix(Path socket) implements PluginAddress {}

    /// Plain HTTP.
    ///
    /// @param host a name or an address, without brackets
    record Tcp(String host, int port) implements PluginAddress {}

    /// HTTPS.
    ///
    /// @param host a name or an address, without brackets
    record Tls(String host, int port, TlsFiles files) implements PluginAddress {}

    /// `TLSConfig` of a `.json` file; all files are PEM.
    ///
    /// @param authority   who may have signed the plugin's certificate; absent: it is not verified at all
    /// @param certificate of the engine, for plugins that ask for one
    /// @param key         of that certificate
    /// @param verify      whether the plugin's certificate is verified; engines never do without an authority
    record TlsFiles(
            @Nullable Path authority,
            @Nullable Path certificate,
            @Nullable Path key,
            boolean verify) {
        public TlsFiles {
            verify = verify && authority != null;
            if ((certificate == null) != (key == null)) {
                throw new IllegalArgumentException(
                        "a certificate goes with its key: " + certificate + " and " + key + ". Give both or none.");
            }
        }
    }
}
