package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What happens to one connection when handlers, clients and the server's end get in each other's way.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class ConnectionTest {
    private static final HttpHandler ECHO = request ->
            new HttpResponse(200, "text/plain", request.method() + " " + request.path() + " " + request.body());
    /// Its answer to `/bad` has a header that cannot be sent.
    private static final HttpHandler UNSENDABLE = request -> request.path().equals("/bad")
            ? new HttpResponse(200, "text/plain\nfor: " + request.path(), "")
            : ECHO.handle(request);
    private static final String FAILED = "500 cannot answer GET /bad: an internal error; see the plugin's log.\n";
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    private Path folder;

    private Path socket() {
        return folder.resolve("http.sock");
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\n\r\n";
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /// More than a unix socket holds, so that the late answer waits until the client reads.
    @Test
    void a_late_answer_comes_whole_behind_one_that_fills_the_socket() throws Exception {
        var freed = new CountDownLatch(1);
        var late = new CountDownLatch(1);
        HttpHandler slow = new HttpHandler() {
            @Override
            public HttpResponse handle(HttpRequest request) {
                if (request.path().equals("/big")) {
                    return new HttpResponse(200, "", "x".repeat(200_000));
                }
                await(freed);
                return ECHO.handle(request);
            }

            @Override
            public Optional<Duration> deadline() {
                return Optional.of(SHORT);
            }

            @Override
            public HttpResponse late(HttpRequest request) {
                late.countDown();
                return new HttpResponse(504, "", "y".repeat(1 << 20));
            }
        };
        try (var _ = HttpServer.listen(socket(), slow);
                var client = new RawClient(socket())) {
            client.send(get("/big") + get("/slow"));
            late.await();
            assertThat(client.answer()).hasSize(200_004);
            assertThat(client.answer()).hasSize((1 << 20) + 4);
            assertThat(client.isAtEnd()).isTrue();
        } finally {
            freed.countDown();
        }
    }

    @Test
    void half_a_head_behind_many_requests_has_no_more_time_than_a_request() throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO, new HttpLimits(10, 4, SHORT, LONG));
                var client = new RawClient(socket())) {
            client.send(get("/a").repeat(20) + "GET /b HT");
            assertThat(client.rest().split("GET /a ", -1)).hasSize(21);
        }
    }

    @Test
    void an_answer_that_cannot_be_sent_is_500_and_what_follows_goes_on() throws IOException {
        try (var _ = new LoggedRecords(Connection.class);
                var _ = HttpServer.listen(socket(), UNSENDABLE);
                var client = new RawClient(socket())) {
            client.send(get("/a") + get("/bad") + get("/b"));
            assertThat(client.answer()).isEqualTo("200 GET /a ");
            assertThat(client.answer()).isEqualTo(FAILED);
            assertThat(client.answer()).isEqualTo("200 GET /b ");
        }
    }

    @Test
    void an_answer_that_cannot_be_sent_over_TLS_is_500_and_what_follows_goes_on() throws Exception {
        var certificates = Certificates.make(folder);
        var tls = new ServerTls(certificates.certificate("server"), certificates.key("server"), null);
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var _ = new LoggedRecords(Connection.class);
                var server = HttpServer.listen(anyPort, tls, UNSENDABLE, HttpLimits.DEFAULT);
                var client = new HttpClient(
                        new InetSocketAddress("127.0.0.1", server.port()),
                        new ClientTls(certificates.certificate("ca"), null, null, true))) {
            assertThat(client.request("GET", "/bad", "", LONG).status()).isEqualTo(500);
            assertThat(client.request("GET", "/b", "", LONG).body()).isEqualTo("GET /b ");
        }
    }

    @Test
    void a_failure_that_cannot_even_be_logged_is_answered() throws IOException {
        HttpHandler hostile = _ -> {
            throw new IllegalStateException() {
                private static final long serialVersionUID = 1;

                @Override
                public String getMessage() {
                    throw new OutOfMemoryError("as if: thrown by the test");
                }
            };
        };
        try (var _ = HttpServer.listen(socket(), hostile);
                var client = new RawClient(socket())) {
            assertThat(client.send(get("/bad")).answer()).isEqualTo(FAILED);
        }
    }

    /// The connection's thread gets no time before the server looks for idle connections.
    @Test
    void a_request_on_a_new_connection_of_a_server_that_is_stopping_is_answered() throws Exception {
        var stopped = HttpServer.listen(socket(), ECHO);
        stopped.stop(Duration.ZERO);
        try (var client = new RawClient(bind("own.sock"));
                var accepted = own.accept()) {
            client.send(get("/"));
            var loop = new ManualIoEventLoop(null, NioIoHandler.newFactory());
            var connection = new Connection(stopped, loop, accepted, false, ECHO, HttpLimits.DEFAULT);
            connection.serve(new NioDomainSocketChannel(accepted));
            connection.endWhenIdle();
            Thread.ofPlatform().daemon().start(() -> {
                loop.setOwningThread(Thread.currentThread());
                while (!loop.isTerminated()) {
                    loop.run(0);
                }
            });
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 200")
                    .contains("connection: close")
                    .endsWith("GET / ");
        } finally {
            own.close();
        }
    }

    private ServerSocketChannel own;

    private Path bind(String name) throws IOException {
        own = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        own.bind(UnixDomainSocketAddress.of(folder.resolve(name)));
        return folder.resolve(name);
    }

    @Test
    void a_head_that_comes_in_two_parts_while_the_server_stops_is_answered() throws Exception {
        var server = HttpServer.listen(socket(), ECHO);
        try (var client = new RawClient(socket());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            client.send(get("/") + "POST / HTTP/1.1\r\nContent-Le");
            assertThat(client.answer()).isEqualTo("200 GET / ");
            var stopped = threads.submit(() -> server.stop(LONG));
            while (!server.isDraining()) {
                Thread.onSpinWait();
            }
            Thread.sleep(SHORT); // longer than an idle connection is kept
            client.send("ngth: 2\r\n\r\nok");
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 200")
                    .contains("connection: close")
                    .endsWith("POST / ok");
            stopped.get();
        }
    }

    @Test
    void a_request_behind_an_answer_that_is_still_being_taken_when_the_server_stops_is_answered() throws Exception {
        HttpHandler large = _ -> new HttpResponse(200, "", "x".repeat(1 << 20));
        var server = HttpServer.listen(socket(), large);
        try (var client = new RawClient(socket());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            client.send(get("/"));
            Thread.sleep(SHORT); // until the socket is full
            var stopped = threads.submit(() -> server.stop(LONG));
            while (!server.isDraining()) {
                Thread.onSpinWait();
            }
            client.send(get("/next"));
            assertThat(client.answer()).hasSize((1 << 20) + 4);
            assertThat(client.answer()).hasSize((1 << 20) + 4);
            assertThat(client.isAtEnd()).isTrue();
            stopped.get();
        }
    }

    @Test
    void a_client_that_asks_first_behind_another_request_is_told_to_send_its_body() throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO);
                var client = new RawClient(socket())) {
            client.send(get("/a") + "POST /b HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.answer()).isEqualTo("200 GET /a ");
            assertThat(client.answer()).isEqualTo("100 ");
            assertThat(client.send("ok").answer()).isEqualTo("200 POST /b ok");
        }
    }

    @Test
    void a_client_that_gave_up_while_it_sent_is_gone() throws Exception {
        try (var client = new HttpClient(bind("own.sock"))) {
            assertThatThrownBy(() -> client.request("POST", "/", "x".repeat(10 << 20), SHORT))
                    .hasMessageContaining("no answer within 300 ms");
            try (var accepted = own.accept()) {
                assertThat(bytesUntilTheEnd(accepted)).isLessThan(10 << 20);
            }
        } finally {
            own.close();
        }
    }

    private static long bytesUntilTheEnd(SocketChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(1 << 16);
        long sum = 0;
        for (int read = channel.read(bytes); read >= 0; read = channel.read(bytes.clear())) {
            sum += read;
        }
        return sum;
    }

    @Test
    void a_handler_that_leaves_an_interrupt_behind_disturbs_no_other_request() throws IOException {
        HttpHandler interrupted = request -> {
            boolean before = Thread.currentThread().isInterrupted();
            Thread.currentThread().interrupt();
            return new HttpResponse(200, "", "interrupted before: " + before);
        };
        try (var _ = HttpServer.listen(socket(), interrupted);
                var client = new RawClient(socket())) {
            client.send(get("/") + get("/"));
            assertThat(client.answer()).isEqualTo("200 interrupted before: false");
            assertThat(client.answer()).isEqualTo("200 interrupted before: false");
            assertThat(client.send(get("/")).answer()).isEqualTo("200 interrupted before: false");
        }
    }

    /// Many times: the cut must meet the moment between two requests.
    @Test
    void a_server_that_has_stopped_hands_nothing_more_to_the_handler() throws Exception {
        for (int round = 0; round < 30; round++) {
            var hang = new AtomicBoolean();
            var never = new CountDownLatch(1);
            HttpHandler handler = request -> {
                if (hang.get()) {
                    await(never);
                }
                return ECHO.handle(request);
            };
            try (var _ = new LoggedRecords(HttpServer.class);
                    var server = HttpServer.listen(socket(), handler);
                    var client = new RawClient(socket())) {
                client.send(get("/").repeat(5000));
                client.answer();
                server.stop(Duration.ZERO);
                hang.set(true);
                assertThat(client.rest()).as("comes to its end").isNotNull();
            } finally {
                never.countDown();
            }
        }
    }

    /// Clients that come in the moment of the stop: whoever was let in is answered, and then its connection ends.
    @Test
    void nobody_is_left_hanging_by_a_stop() throws Exception {
        for (int round = 0; round < 40; round++) {
            var stop = new AtomicBoolean();
            try (var server = HttpServer.listen(socket(), ECHO);
                    var threads = Executors.newFixedThreadPool(4)) {
                var clients = new ArrayList<Future<?>>();
                for (int i = 0; i < 4; i++) {
                    clients.add(threads.submit(() -> callUntil(stop)));
                }
                Thread.sleep(10);
                server.stop(LONG);
                stop.set(true);
                for (var client : clients) {
                    client.get();
                }
            }
        }
    }

    private void callUntil(AtomicBoolean stop) {
        while (!stop.get()) {
            RawClient client;
            try {
                client = new RawClient(socket());
            } catch (IOException stopped) {
                continue;
            }
            boolean heard = false;
            try (client) {
                for (int i = 0; i < 5; i++) {
                    assertThat(client.send(get("/" + i)).answer()).isEqualTo("200 GET /" + i + " ");
                    heard = true;
                }
            } catch (IOException ended) {
                assertThat(heard).isTrue();
            }
        }
    }

    @Test
    void an_empty_line_behind_a_body_begins_nothing() throws Exception {
        try (var server = HttpServer.listen(socket(), ECHO, new HttpLimits(10, 4, SHORT, LONG));
                var client = new RawClient(socket())) {
            assertThat(client.send(get("/a") + "\r\n").answer()).isEqualTo("200 GET /a ");
            Thread.sleep(SHORT.multipliedBy(2));
            assertThat(client.send(get("/b") + "\r\n").answer()).isEqualTo("200 GET /b ");
            server.stop(LONG);
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void an_idle_connection_is_no_unanswered_request() throws IOException {
        try (var logged = new LoggedRecords(HttpServer.class);
                var server = HttpServer.listen(socket(), ECHO);
                var client = new RawClient(socket())) {
            client.send(get("/")).answer();
            server.stop(Duration.ZERO);
            assertThat(logged.messages()).isEmpty();
        }
    }
}
