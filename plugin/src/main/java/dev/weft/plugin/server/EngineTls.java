package dev.weft.plugin.server;

import java.nio.file.Path;

/// The PEM files that an engine uses to call a plugin over TLS; the engine reads them, on its host.
///
/// @param pluginCa    who signed the plugin's certificate
/// @param certificate the engine's
/// @param key         of the certificate
public record EngineTls(Path pluginCa, Path certificate, Path key) {}
