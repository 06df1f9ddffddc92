package dev.weft.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Whom a client trusts, and how it proves who it is. Files are PEM, and read once.
///
/// @param serverCa    who signs the server's certificate; null: the JDK's own list
/// @param certificate the client's; null: none
/// @param key         of the certificate, PKCS#8 without a password
/// @param verify      false takes any certificate of the server, whoever signed it and whatever its name
public record ClientTls(
        @Nullable Path serverCa,
        @Nullable Path certificate,
        @Nullable Path key,
        boolean verify) {
    public ClientTls {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate and its key go together");
        }
    }
}
