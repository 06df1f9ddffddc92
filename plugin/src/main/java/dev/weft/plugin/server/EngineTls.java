package dev.weft.plugin.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The PEM files that an engine uses to call a plugin over TLS; the engine reads them, on its host.
///
/// @param pluginCa    who signed the plugin's certificate
/// @param certificate the engine's; null if the plugin asks for none, see [PluginSocket.Tls]
/// @param key         of the certificate; null without it
public record EngineTls(
        Path pluginCa, @Nullable Path certificate, @Nullable Path key) {
    public EngineTls {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("an engine needs a certificate with its key, or neither");
        }
    }
}
