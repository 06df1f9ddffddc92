package dev.weft.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The server and the client over TCP and TLS, and on a socket that the process was started with.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class TransportsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    private static Path folder;

    private static Certificates certificates;

    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final HttpHandler echo = request -> {
        handled.add(request.body());
        return new HttpResponse(200, "text/plain", request.body());
    };

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.make(folder);
    }

    private static InetSocketAddress address(HttpServer server) throws IOException {
        return new InetSocketAddress("127.0.0.1", server.port());
    }

    private static ServerTls mutual() {
        return new ServerTls(
                certificates.certificate("server"), certificates.key("server"), certificates.certificate("ca"));
    }

    private static ClientTls as(String name) {
        return new ClientTls(
                certificates.certificate("ca"), certificates.certificate(name), certificates.key(name), true);
    }

    @Test
    void a_server_on_TCP_answers() throws IOException {
        try (var server = HttpServer.listen(ANY_PORT, echo, HttpLimits.DEFAULT);
                var client = new HttpClient(address(server))) {
            assertThat(client.request("POST", "/", "over TCP", LONG).body()).isEqualTo("over TCP");
        }
    }

    @Test
    void a_port_that_is_taken_is_refused_in_a_sentence() throws IOException {
        try (var server = HttpServer.listen(ANY_PORT, echo, HttpLimits.DEFAULT)) {
            assertThatThrownBy(() -> HttpServer.listen(address(server), echo, HttpLimits.DEFAULT))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot listen on 127.0.0.1 port " + server.port()
                            + ": Address already in use. Stop what uses it, or take another port.");
        }
    }

    @Test
    void with_mutual_TLS_a_client_of_the_CA_is_answered() throws IOException {
        try (var server = HttpServer.listen(ANY_PORT, mutual(), echo, HttpLimits.DEFAULT);
                var client = new HttpClient(address(server), as("client"))) {
            assertThat(client.request("POST", "/", "over TLS", LONG).body()).isEqualTo("over TLS");
            assertThat(client.request("POST", "/", "again", LONG).body()).isEqualTo("again");
        }
    }

    @Test
    void with_mutual_TLS_nobody_else_is_heard_and_the_server_goes_on() throws IOException {
        var withoutCertificate = new ClientTls(certificates.certificate("ca"), null, null, true);
        try (var server = HttpServer.listen(ANY_PORT, mutual(), echo, HttpLimits.DEFAULT)) {
            for (var tls : List.of(withoutCertificate, as("stranger"))) {
                try (var client = new HttpClient(address(server), tls)) {
                    assertThatThrownBy(() -> client.request("POST", "/", "secret", LONG))
                            .isInstanceOf(IOException.class);
                }
            }
            try (var plain = new HttpClient(address(server))) {
                assertThatThrownBy(() -> plain.request("POST", "/", "secret", LONG))
                        .isInstanceOf(IOException.class);
            }
            assertThat(handled).isEmpty();
            try (var client = new HttpClient(address(server), as("client"))) {
                assertThat(client.request("POST", "/", "still there", LONG).body())
                        .isEqualTo("still there");
            }
        }
    }

    @Test
    void without_a_CA_for_clients_TLS_admits_anyone() throws IOException {
        var open = new ServerTls(certificates.certificate("server"), certificates.key("server"), null);
        try (var server = HttpServer.listen(ANY_PORT, open, echo, HttpLimits.DEFAULT);
                var client = new HttpClient(
                        address(server), new ClientTls(certificates.certificate("ca"), null, null, true))) {
            assertThat(client.request("POST", "/", "hello", LONG).body()).isEqualTo("hello");
        }
    }

    @Test
    void a_client_takes_no_server_that_its_CA_did_not_sign_unless_told_to() throws IOException {
        var stranger = new ServerTls(certificates.certificate("stranger"), certificates.key("stranger"), null);
        try (var server = HttpServer.listen(ANY_PORT, stranger, echo, HttpLimits.DEFAULT);
                var careful = new HttpClient(address(server), as("client"));
                var trusting = new HttpClient(address(server), new ClientTls(null, null, null, false))) {
            assertThatThrownBy(() -> careful.request("POST", "/", "secret", LONG))
                    .isInstanceOf(ConnectException.class);
            assertThat(handled).isEmpty();
            assertThat(trusting.request("POST", "/", "hello", LONG).body()).isEqualTo("hello");
        }
    }

    @Test
    void TLS_to_a_plain_port_is_answered_as_what_it_is() throws IOException {
        try (var server = HttpServer.listen(ANY_PORT, echo, HttpLimits.DEFAULT);
                var socket = new Socket("127.0.0.1", server.port())) {
            // the beginning of a ClientHello
            socket.getOutputStream().write(new byte[] {22, 3, 1, 0, 5, 1, 0, 0, 1, 3, '\n', '\r', '\n'});
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 400")
                    .endsWith("cannot take the request: it is TLS, which this socket does not speak.\n");
        }
    }

    @Test
    void files_that_are_no_certificates_are_named_before_anything_listens() throws IOException {
        var garbage = Files.writeString(folder.resolve("garbage.pem"), "garbage");
        var missing = folder.resolve("missing.pem");
        var good = certificates.certificate("server");
        var key = certificates.key("server");
        assertRefused(new ServerTls(missing, key, null), "cannot read " + missing + ", which TLS needs");
        assertRefused(new ServerTls(good, missing, null), "cannot read " + missing + ", which TLS needs");
        assertRefused(new ServerTls(good, key, missing), "cannot read " + missing + ", which TLS needs");
        assertRefused(new ServerTls(garbage, key, null), "cannot use one of the certificates in " + garbage);
        assertRefused(new ServerTls(good, garbage, null), "cannot use the key " + garbage);
        var other = certificates.key("client");
        assertRefused(
                new ServerTls(good, other, null), "the key " + other + " does not belong to the certificate " + good);
        assertThatThrownBy(() -> new ClientTls(null, good, null, true))
                .hasMessage("a certificate and its key go together");
    }

    private void assertRefused(ServerTls tls, String message) {
        assertThatThrownBy(() -> HttpServer.listen(ANY_PORT, tls, echo, HttpLimits.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(message);
    }

    /// As systemd does: bound and listening before the processes are there, one after the other, and their standard
    /// input.
    @Test
    void a_process_serves_the_socket_it_was_started_with_and_leaves_it_to_the_next() throws Exception {
        var path = folder.resolve("inherited.sock");
        var holder = "use Socket; socket(S,AF_UNIX,SOCK_STREAM,0) or die; bind(S,sockaddr_un(shift)) or die;"
                + " listen(S,9) or die; open(STDIN,'<&S') or die; system(@ARGV) for 1..2";
        var command = new ArrayList<>(List.of("perl", "-e", holder, path.toString()));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Inheriting.class.getName()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("serving");
            for (int i = 0; i < 2; i++) {
                try (var client = new HttpClient(path)) { // comes when nobody is there, the second time
                    assertThat(client.request("POST", "/", "", LONG).body()).isEqualTo("from the heir");
                    if (i > 0) {
                        assertThat(output.readLine()).isEqualTo("serving");
                    }
                    assertThat(client.request("POST", "/stop", "", LONG).body()).isEqualTo("from the heir");
                    assertThat(output.readLine()).isEqualTo("stopped");
                }
            }
            process.waitFor();
            assertThat(path).exists();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    static final class Inheriting {
        public static void main(String[] args) throws Exception {
            var stop = new CountDownLatch(1);
            HttpHandler heir = request -> {
                if (request.path().equals("/stop")) {
                    stop.countDown();
                }
                return new HttpResponse(200, "", "from the heir");
            };
            try (var _ = HttpServer.listenInherited(heir, HttpLimits.DEFAULT)) {
                System.out.println("serving");
                stop.await();
            }
            System.out.println("stopped");
        }
    }

    @Test
    void a_standard_input_that_does_not_listen_is_refused_in_a_sentence() {
        assertThatThrownBy(() -> Listener.inherited(null))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "cannot serve the inherited socket: standard input is not a listening socket. Start with");
    }
}
