package dev.weft.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How a server proves who it is, and whom it admits. Files are PEM, and read once, when the server starts.
///
/// @param certificate the server's, followed by its intermediate ones
/// @param key         of the certificate, PKCS#8 without a password
/// @param clientCa    who signs the certificates of clients, which are then required; null: anyone may call
public record ServerTls(
        Path certificate, Path key, @Nullable Path clientCa) {}
