package dev.weft.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// TLS 1.2 and 1.3 of the JDK, from PEM files.
final class TlsContext {
    /// RFC 7468, section 10.
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.+?)-----END PRIVATE KEY-----", Pattern.DOTALL);

    private TlsContext() {}

    /// @throws IOException naming the file that cannot be used, and why
    static SslContext of(ServerTls tls) throws IOException {
        var certificate = file(tls.certificate());
        var key = file(tls.key());
        var clientCa = tls.clientCa() == null ? null : file(tls.clientCa());
        try {
            checkPair(tls.certificate(), tls.key());
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
                checkPair(certificate.toPath(), key.toPath());
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

    /// Netty does not look, and then every handshake fails.
    private static void checkPair(Path certificateFile, Path keyFile) throws IOException {
        boolean pair;
        try (var in = Files.newInputStream(certificateFile)) {
            var certificate = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey();
            var key = KeyFactory.getInstance(certificate.getAlgorithm()).generatePrivate(pkcs8(keyFile));
            var signature = Signature.getInstance(
                    switch (certificate.getAlgorithm()) {
                        case "EC" -> "SHA256withECDSA";
                        case "RSA" -> "SHA256withRSA";
                        default -> certificate.getAlgorithm();
                    });
            var message = certificate.getEncoded();
            signature.initSign(key);
            signature.update(message);
            var signed = signature.sign();
            signature.initVerify(certificate);
            signature.update(message);
            pair = signature.verify(signed);
        } catch (InvalidKeySpecException | SignatureException other) {
            pair = false;
        } catch (GeneralSecurityException unusable) {
            return; // Netty says so too
        }
        if (!pair) {
            throw new IOException("the key " + keyFile + " does not belong to the certificate " + certificateFile);
        }
    }

    private static PKCS8EncodedKeySpec pkcs8(Path keyFile) throws IOException, InvalidKeyException {
        var pem = PRIVATE_KEY.matcher(Files.readString(keyFile, ISO_8859_1));
        if (!pem.find()) {
            throw new InvalidKeyException("no PKCS#8 key");
        }
        return new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
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
