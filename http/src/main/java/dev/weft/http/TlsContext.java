package dev.weft.http;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// TLS 1.2 and 1.3 of the JDK, from PEM files.
final class TlsContext {
    private TlsContext() {}

    /// @throws IOException naming the file that cannot be used, and why
    static SslContext of(ServerTls tls) throws IOException {
        var certificate = file(tls.certificate());
        var key = file(tls.key());
        var clientCa = tls.clientCa() == null ? null : file(tls.clientCa());
        try {
            var builder = SslContextBuilder.forServer(certificate, key);
            if (clientCa != null) {
                builder.trustManager(clientCa).clientAuth(ClientAuth.REQUIRE);
            }
            return builder.sslProvider(SslProvider.JDK).build();
        } catch (IllegalArgumentException | SSLException failure) {
            throw unusable(tls.certificate(), tls.key(), tls.clientCa(), failure);
        }
    }

    /// @throws IOException naming the file that cannot be used, and why
    static SslContext of(ClientTls tls) throws IOException {
        var serverCa = tls.serverCa() == null ? null : file(tls.serverCa());
        var certificate = tls.certificate() == null ? null : file(tls.certificate());
        var key = tls.key() == null ? null : file(tls.key());
        try {
            var builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
            if (!tls.verify()) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            } else if (serverCa != null) {
                builder.trustManager(serverCa);
            }
            if (certificate != null && key != null) {
                builder.keyManager(certificate, key);
            }
            return builder.build();
        } catch (IllegalArgumentException | SSLException failure) {
            throw unusable(tls.certificate(), tls.key(), tls.serverCa(), failure);
        }
    }

    private static File file(Path path) throws IOException {
        if (!Files.isReadable(path)) {
            throw new IOException("cannot read " + path + ", which TLS needs");
        }
        return path.toFile();
    }

    /// Netty says only that something is wrong with one of them; what it is stands in the causes.
    private static IOException unusable(
            @Nullable Path certificate, @Nullable Path key, @Nullable Path ca, Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        var files = root instanceof CertificateException || key == null
                ? "one of the certificates in " + certificate + " and " + ca
                : "the key " + key + " with the certificate " + certificate
                        + "; a key must be PKCS#8 (openssl pkcs8 -topk8 -nodes) and belong to it";
        return new IOException("cannot use " + files + ": " + root.getMessage(), failure);
    }
}
