package dev.weft.plugin.client;

import dev.weft.plugin.client.PluginAddress.TlsFiles;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// The engine's side of TLS, from PEM files.
final class TlsContext {
    private static final String KEY_BEGINS = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_ENDS = "-----END PRIVATE KEY-----";

    private TlsContext() {}

    /// @throws IllegalArgumentException if a file cannot be read or used
    static SSLContext of(TlsFiles files) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(keys(files), trust(files), null);
            return context;
        } catch (IOException | GeneralSecurityException failure) {
            throw new IllegalArgumentException(
                    "cannot use " + files + ": " + failure.getMessage()
                            + ". Certificates are PEM files; the key is one in PKCS #8 (BEGIN PRIVATE KEY).",
                    failure);
        }
    }

    private static KeyManager @Nullable [] keys(TlsFiles files) throws IOException, GeneralSecurityException {
        if (files.certificate() == null || files.key() == null) {
            return null;
        }
        var store = emptyStore();
        store.setKeyEntry(
                "engine",
                privateKey(files.key()),
                new char[0],
                certificates(files.certificate()).toArray(Certificate[]::new));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trust(TlsFiles files) throws IOException, GeneralSecurityException {
        var authority = files.authority();
        if (!files.verify() || authority == null) {
            return new TrustManager[] {new TrustsEverybody()};
        }
        var store = emptyStore();
        for (var certificate : certificates(authority)) {
            store.setCertificateEntry("authority " + store.size(), certificate);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static List<? extends Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(file)) {
            return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        var text = Files.readString(file);
        int begin = text.indexOf(KEY_BEGINS);
        int end = text.indexOf(KEY_ENDS);
        if (begin < 0 || end < begin) {
            throw new InvalidKeySpecException(file + " has no private key in PKCS #8");
        }
        var spec = new PKCS8EncodedKeySpec(
                Base64.getMimeDecoder().decode(text.substring(begin + KEY_BEGINS.length(), end)));
        return privateKey(spec, List.of("RSA", "EC", "EdDSA"));
    }

    /// A key in PKCS #8 is read by the factory of its own algorithm alone.
    private static PrivateKey privateKey(PKCS8EncodedKeySpec spec, List<String> algorithms)
            throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance(algorithms.getFirst()).generatePrivate(spec);
        } catch (InvalidKeySpecException another) {
            if (algorithms.size() == 1) {
                throw another;
            }
            return privateKey(spec, algorithms.subList(1, algorithms.size()));
        }
    }

    /// `InsecureSkipVerify`.
    private static final class TrustsEverybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
