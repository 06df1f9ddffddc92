package dev.weft.plugin.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.plugin.client.CallFailed.Kind;
import dev.weft.plugin.client.PluginAddress.Tls;
import dev.weft.plugin.client.PluginAddress.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Against the JDK's own server, which asks for the engine's certificate. Recording 24.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class TlsTest {
    private static final char[] PASSWORD = "password".toCharArray();
    private static final List<String> HEADS = new CopyOnWriteArrayList<>();

    @TempDir
    private static Path folder;

    private static SSLServerSocket listener;

    @BeforeAll
    static void serve() throws Exception {
        makeKey("server", "RSA");
        makeKey("client", "EC");
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store("server"), PASSWORD);
        var known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        known.setCertificateEntry("client", store("client").getCertificate("client"));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        listener.setNeedClientAuth(true);
        Thread.ofVirtual().start(TlsTest::accept);
    }

    @AfterAll
    static void stop() throws IOException {
        listener.close();
    }

    private static void makeKey(String name, String algorithm) throws Exception {
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keystore",
                        folder.resolve(name + ".p12").toString(),
                        "-storepass",
                        new String(PASSWORD),
                        "-alias",
                        name,
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1")
                .redirectErrorStream(true)
                .start();
        var said = new String(made.getInputStream().readAllBytes(), UTF_8);
        assertThat(made.waitFor()).as(said).isZero();
        var store = store(name);
        write(name + ".crt", "CERTIFICATE", store.getCertificate(name).getEncoded());
        write(name + ".key", "PRIVATE KEY", store.getKey(name, PASSWORD).getEncoded());
    }

    private static KeyStore store(String name) throws Exception {
        return KeyStore.getInstance(folder.resolve(name + ".p12").toFile(), PASSWORD);
    }

    private static void write(String file, String kind, byte[] bytes) throws IOException {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                folder.resolve(file), "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }

    private static void accept() {
        while (!listener.isClosed()) {
            try (var connection = listener.accept()) {
                HEADS.add(head(connection.getInputStream()));
                connection
                        .getOutputStream()
                        .write(
                                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 19\r\n\r\n{\"Implements\":[\"\"]}"
                                        .getBytes(UTF_8));
            } catch (IOException refused) {
                // a client without a certificate, or the end of the test
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static EngineClient client(TlsFiles files) {
        var address = new Tls("127.0.0.1", listener.getLocalPort(), files);
        return new EngineClient(EngineVersion.V28_5, address, HttpExchange.to(address), _ -> {});
    }

    private static Path file(String name) {
        return folder.resolve(name);
    }

    @Test
    void both_sides_show_a_certificate() {
        try (var engine = client(new TlsFiles(file("server.crt"), file("client.crt"), file("client.key"), true))) {
            engine.activate();
            assertThat(HEADS.getLast())
                    .isEqualTo("POST /Plugin.Activate HTTP/1.1\r\nHost: 127.0.0.1:" + listener.getLocalPort()
                            + "\r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: 0\r\n"
                            + "Accept: application/vnd.docker.plugins.v1.2+json\r\nAccept-Encoding: gzip\r\n\r\n");
        }
    }

    @Test
    void without_an_authority_any_certificate_of_the_plugin_is_taken() {
        try (var engine = client(new TlsFiles(null, file("client.crt"), file("client.key"), true))) {
            engine.activate();
        }
    }

    @Test
    void a_plugin_of_another_authority_is_not_called() {
        try (var engine = client(new TlsFiles(file("client.crt"), file("client.crt"), file("client.key"), true))) {
            assertThatThrownBy(engine::activate)
                    .isInstanceOfSatisfying(
                            CallFailed.class,
                            failure -> assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE));
        }
    }

    /// With TLS 1.3 it hears of it after its request; whether as the alert or as a closed connection is chance.
    @Test
    void an_engine_without_a_certificate_is_not_answered() {
        try (var engine = client(new TlsFiles(file("server.crt"), null, null, true))) {
            assertThatThrownBy(engine::activate)
                    .hasMessageStartingWith(
                            "Post \"https://127.0.0.1:" + listener.getLocalPort() + "/Plugin.Activate\": ")
                    .isInstanceOfSatisfying(
                            CallFailed.class,
                            failure -> assertThat(failure.kind()).isEqualTo(Kind.DIED));
        }
    }

    @Test
    void files_that_cannot_be_used_are_named() {
        var address = new Tls("127.0.0.1", 1, new TlsFiles(file("none.crt"), null, null, true));
        assertThatThrownBy(() -> EngineClient.of(EngineVersion.V28_5, address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.crt");
        var notAKey = new TlsFiles(null, file("client.crt"), file("server.crt"), false);
        assertThatThrownBy(() -> EngineClient.of(EngineVersion.V28_5, new Tls("127.0.0.1", 1, notAKey)))
                .hasMessageContaining("a key must be PKCS#8");
        assertThatThrownBy(() -> new TlsFiles(null, file("client.crt"), null, false))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
