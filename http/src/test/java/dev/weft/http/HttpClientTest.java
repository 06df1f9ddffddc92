package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class HttpClientTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private Path socket;

    @AutoClose
    private HttpClient client;

    @BeforeEach
    void makeClient() {
        socket = folder.resolve("http.sock");
        client = new HttpClient(socket);
    }

    @Test
    void any_status_is_an_answer() throws IOException {
        HttpHandler echo = request ->
                new HttpResponse(404, "text/x", request.method() + " " + request.path() + " " + request.body());
        try (var _ = HttpServer.listen(socket, echo)) {
            assertThat(client.request("PUT", "/a?b=c", "{é}", LONG))
                    .isEqualTo(new HttpResponse(404, "text/x", "PUT /a?b=c {é}"));
            assertThat(client.request("GET", "/", "", LONG)).isEqualTo(new HttpResponse(404, "text/x", "GET / "));
        }
    }

    @Test
    void that_nobody_serves_the_socket_is_said() {
        assertThatThrownBy(() -> client.request("GET", "/", "", LONG))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot GET / on " + socket + ": ");
    }

    @Test
    void a_chunked_answer_is_put_together() throws Exception {
        assertThat(answeredWith("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
                        .body())
                .isEqualTo("abc");
    }

    @Test
    void a_connection_closed_without_an_answer_is_an_error() {
        assertThatThrownBy(() -> answeredWith(""))
                .hasMessage("cannot GET /x on " + socket + ": the connection was closed before the answer was here");
        assertThatThrownBy(() -> answeredWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na"))
                .hasMessage("cannot GET /x on " + socket + ": the connection was closed before the answer was here");
        assertThatThrownBy(() -> answeredWith("garbage\r\n\r\n"))
                .hasMessage("cannot GET /x on " + socket + ": the answer is not HTTP");
    }

    @Test
    void an_answer_has_a_largest_size() throws Exception {
        var four = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd";
        try (var small = new HttpClient(socket, 4)) {
            assertThat(answeredWith(four, small).body()).isEqualTo("abcd");
        }
        try (var smaller = new HttpClient(socket, 3)) {
            assertThatThrownBy(() -> answeredWith(four, smaller))
                    .hasMessage("cannot GET /x on " + socket + ": the answer has more than 3 bytes");
        }
    }

    @Test
    void a_server_that_does_not_answer_is_given_up_after_the_timeout() throws IOException {
        try (var silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(socket));
            assertThatThrownBy(() -> client.request("GET", "/x", "", Duration.ofMillis(30)))
                    .hasMessage("cannot GET /x on " + socket + ": no answer within 30 ms");
        }
    }

    private HttpResponse answeredWith(String bytes) throws Exception {
        return answeredWith(bytes, client);
    }

    private HttpResponse answeredWith(String bytes, HttpClient client) throws Exception {
        java.nio.file.Files.deleteIfExists(socket);
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.bind(UnixDomainSocketAddress.of(socket));
            threads.submit(() -> {
                try (var connection = server.accept()) {
                    connection.read(ByteBuffer.allocate(1000));
                    connection.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8)));
                }
                return null;
            });
            return client.request("GET", "/x", "", LONG);
        }
    }

    /// Opening streams and reading them until that fails: some meet the closing in its midst.
    @Test
    void a_stream_that_meets_the_closing_is_refused_or_ends_in_words() throws Exception {
        try (var _ = HttpServer.listen(socket, _ -> HttpResponse.sentence(200, "a\nb\n"));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 200; round++) {
                var closing = new HttpClient(socket);
                var begun = new Semaphore(0);
                var streams = threads.submit(() -> {
                    while (true) {
                        try (var stream = closing.stream("/", LONG)) {
                            while (stream.line() != null) {
                                begun.release();
                            }
                        }
                    }
                });
                begun.acquire();
                closing.close();
                assertThatThrownBy(streams::get).cause().isInstanceOf(IOException.class);
            }
        }
    }

    /// Many times: Netty may stop before it has told of the connection's end.
    @Test
    void closing_ends_requests_in_flight() throws Exception {
        var arrived = new Semaphore(0);
        var never = new CountDownLatch(1);
        HttpHandler silent = request -> {
            arrived.release();
            awaitEnd(never);
            return HttpResponse.sentence(200, "");
        };
        var server = HttpServer.listen(socket, silent);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 200; round++) {
                var closing = new HttpClient(socket);
                var answer = threads.submit(() -> closing.request("GET", "/", "", LONG));
                arrived.acquire();
                closing.close();
                assertThatThrownBy(() -> answer.get())
                        .rootCause()
                        .hasMessageContaining("closed before the answer was here");
                assertThatThrownBy(() -> closing.request("GET", "/", "", LONG))
                        .isInstanceOf(ConnectException.class)
                        .hasMessage("cannot GET / on " + socket + ": this client is closed");
            }
        } finally {
            never.countDown();
            server.close();
        }
    }

    private static void awaitEnd(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void headers_are_sent_just_as_they_are_given() throws Exception {
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.bind(UnixDomainSocketAddress.of(socket));
            var sent = "POST /p HTTP/1.1\r\nHost: \r\nUser-Agent: Go\r\nContent-Length: 2\r\naCCept: x\r\n\r\n{}";
            var received = threads.submit(() -> {
                try (var connection = server.accept()) {
                    var bytes = ByteBuffer.allocate(sent.length());
                    while (bytes.hasRemaining() && connection.read(bytes) >= 0) {}
                    connection.write(ByteBuffer.wrap(
                            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
                    return new String(bytes.array(), StandardCharsets.UTF_8);
                }
            });
            var headers = List.of(
                    Map.entry("Host", ""),
                    Map.entry("User-Agent", "Go"),
                    Map.entry("Content-Length", "2"),
                    Map.entry("aCCept", "x"));
            client.request("POST", "/p", headers, "{}", LONG);
            assertThat(received.get()).isEqualTo(sent);
        }
    }

    @Test
    void that_nothing_could_be_sent_is_told_from_an_answer_that_did_not_come() throws Exception {
        assertThatThrownBy(() -> client.request("GET", "/", "", LONG)).isInstanceOf(ConnectException.class);
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.bind(UnixDomainSocketAddress.of(socket));
            threads.submit(() -> {
                try (var connection = server.accept()) {
                    connection.read(ByteBuffer.allocate(1));
                }
                return null;
            });
            assertThatThrownBy(() -> client.request("GET", "/", "", LONG))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(ConnectException.class);
        }
    }

    @Test
    void requests_go_on_when_the_server_has_been_restarted_between_them() throws Exception {
        HttpHandler answer = _ -> new HttpResponse(200, "", "");
        for (int i = 0; i < 2; i++) {
            try (var _ = HttpServer.listen(socket, answer)) {
                assertThat(client.request("GET", "/", "", LONG).status()).isEqualTo(200);
                assertThat(client.request("GET", "/", "", LONG).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void what_changes_nothing_is_asked_again_if_a_kept_connection_ends_under_it() throws Exception {
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.bind(UnixDomainSocketAddress.of(socket));
            var connections = threads.submit(() -> {
                for (int connection = 0; connection < 3; connection++) {
                    answerOnceAndEndUnderTheNext(server);
                }
                return null;
            });
            assertThat(client.request("GET", "/1", "", LONG).status()).isEqualTo(200);
            assertThat(client.request("GET", "/2", "", LONG).status()).isEqualTo(200);
            assertThatThrownBy(() -> client.request("POST", "/3", "", LONG))
                    .isNotInstanceOf(ConnectException.class)
                    .hasMessageStartingWith("cannot POST /3 on " + socket + ": ");
            assertThat(client.request("POST", "/4", "", LONG).status()).isEqualTo(200);
            client.close();
            connections.get();
        }
    }

    private static void answerOnceAndEndUnderTheNext(ServerSocketChannel server) throws IOException {
        try (var connection = server.accept()) {
            connection.read(ByteBuffer.allocate(1000));
            connection.write(
                    ByteBuffer.wrap("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
            connection.read(ByteBuffer.allocate(1));
        }
    }
}
