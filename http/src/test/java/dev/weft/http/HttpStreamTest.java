package dev.weft.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class HttpStreamTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @TempDir
    private Path folder;

    private Path socket;

    @AutoClose
    private HttpClient client;

    @AutoClose
    private ServerSocketChannel server;

    @AutoClose("shutdownNow")
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void listen() throws IOException {
        socket = folder.resolve("http.sock");
        client = new HttpClient(socket, 1000);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
    }

    @FunctionalInterface
    private interface Script {
        void play(SocketChannel connection) throws Exception;
    }

    private HttpStream stream(Script script) throws IOException {
        threads.submit(() -> {
            try (var connection = server.accept()) {
                connection.read(ByteBuffer.allocate(1000));
                script.play(connection);
            }
            return null;
        });
        return client.stream("/x", LONG);
    }

    private static void send(SocketChannel connection, String text) throws IOException {
        var bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            connection.write(bytes);
        }
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.getBytes(UTF_8).length) + "\r\n" + text + "\r\n";
    }

    private static void waitForTheEnd(SocketChannel connection) throws IOException {
        while (connection.read(ByteBuffer.allocate(100)) >= 0) {}
    }

    @Test
    void lines_come_while_the_answer_goes_on() throws Exception {
        try (var stream = stream(connection -> {
            send(connection, HEAD + chunk("one\ntw") + chunk("o\n"));
            waitForTheEnd(connection);
        })) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.line()).isEqualTo("one");
            assertThat(stream.line()).isEqualTo("two");
        }
    }

    @Test
    void a_character_may_come_in_two_pieces() throws Exception {
        var bytes = "é\n".getBytes(UTF_8);
        try (var stream = stream(connection -> {
            send(connection, HEAD);
            for (byte b : bytes) {
                send(connection, "1\r\n");
                connection.write(ByteBuffer.wrap(new byte[] {b}));
                send(connection, "\r\n");
            }
            waitForTheEnd(connection);
        })) {
            assertThat(stream.line()).isEqualTo("é");
        }
    }

    @Test
    void the_end_of_the_answer_is_told_again_and_again() throws Exception {
        try (var stream = stream(connection -> send(connection, HEAD + chunk("one\ntwo") + "0\r\n\r\n"))) {
            assertThat(stream.line()).isEqualTo("one");
            assertThat(stream.line()).isEqualTo("two");
            assertThat(stream.line()).isNull();
            assertThat(stream.line()).isNull();
        }
    }

    @Test
    void a_connection_that_ends_before_the_answer_is_an_error() throws Exception {
        try (var stream = stream(connection -> send(connection, HEAD + chunk("one\ntwo")))) {
            assertThat(stream.line()).isEqualTo("one");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(stream::line).hasMessage("the connection was closed before the answer was here");
            }
        }
    }

    @Test
    void closing_frees_the_thread_that_waits_for_a_line() throws Exception {
        var stream = stream(connection -> {
            send(connection, HEAD);
            waitForTheEnd(connection);
        });
        var line = threads.submit(stream::line);
        stream.close();
        assertThatThrownBy(line::get).rootCause().hasMessage("the connection was closed before the answer was here");
    }

    @Test
    void so_does_the_closing_of_the_client() throws Exception {
        for (int round = 0; round < 100; round++) {
            var closing = new HttpClient(socket);
            threads.submit(() -> {
                try (var connection = server.accept()) {
                    connection.read(ByteBuffer.allocate(1000));
                    send(connection, HEAD);
                    waitForTheEnd(connection);
                }
                return null;
            });
            var stream = closing.stream("/x", LONG);
            var line = threads.submit(stream::line);
            closing.close();
            assertThatThrownBy(line::get)
                    .rootCause()
                    .hasMessage("the connection was closed before the answer was here");
            assertThatThrownBy(() -> closing.stream("/x", LONG))
                    .isInstanceOf(ConnectException.class)
                    .hasMessage("cannot GET /x on " + socket + ": this client is closed");
        }
    }

    @Test
    void so_does_an_interrupt() throws Exception {
        try (var stream = stream(connection -> {
            send(connection, HEAD);
            waitForTheEnd(connection);
        })) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(stream::line).isInstanceOf(IOException.class).hasMessage("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void a_server_that_does_not_begin_to_answer_is_given_up_after_the_timeout() {
        assertThatThrownBy(() -> client.stream("/x", Duration.ofMillis(30)))
                .hasMessage("cannot GET /x on " + socket + ": no answer within 30 ms");
    }

    @Test
    void what_is_no_answer_is_an_error() {
        assertThatThrownBy(() -> stream(connection -> send(connection, "garbage\r\n\r\n")))
                .hasMessage("cannot GET /x on " + socket + ": the answer is not HTTP");
        assertThatThrownBy(() -> stream(_ -> {}))
                .hasMessage("cannot GET /x on " + socket + ": the connection was closed before the answer was here");
    }

    @Test
    void a_refusal_is_waited_for_and_is_here_whole() throws Exception {
        try (var stream = stream(connection -> {
            send(connection, "HTTP/1.1 400 Bad Request\r\nContent-Length: 6\r\n\r\nno\n");
            send(connection, "way");
        })) {
            assertThat(stream.status()).isEqualTo(400);
            assertThat(stream.line()).isEqualTo("no");
            assertThat(stream.line()).isEqualTo("way");
            assertThat(stream.line()).isNull();
        }
    }

    @Test
    void a_refusal_has_a_largest_size() {
        assertThatThrownBy(() -> stream(connection -> {
                    send(connection, "HTTP/1.1 500 No\r\nContent-Length: 1001\r\n\r\n" + "x".repeat(1001));
                    waitForTheEnd(connection);
                }))
                .hasMessage("cannot GET /x on " + socket + ": the answer has more than 1000 bytes");
    }

    @Test
    void a_line_has_a_largest_size() throws Exception {
        try (var stream = stream(connection -> {
            send(connection, HEAD + chunk("x".repeat(1 << 20) + "\n") + chunk("x".repeat((1 << 20) + 1)));
            waitForTheEnd(connection);
        })) {
            assertThat(stream.line()).hasSize(1 << 20);
            assertThatThrownBy(stream::line).hasMessage("a line of the answer has more than 1048576 bytes");
        }
    }

    @Test
    void a_slow_reader_lets_the_server_wait() throws Exception {
        var full = new CountDownLatch(1);
        try (var stream = stream(connection -> {
            send(connection, HEAD);
            connection.configureBlocking(false);
            var line = ByteBuffer.wrap(chunk("x".repeat(1000) + "\n").getBytes(UTF_8));
            while (connection.write(line) > 0) {
                if (!line.hasRemaining()) {
                    line.rewind();
                }
            }
            full.countDown();
            connection.configureBlocking(true);
            waitForTheEnd(connection);
        })) {
            full.await();
            assertThat(stream.line()).isEqualTo("x".repeat(1000));
        }
    }
}
