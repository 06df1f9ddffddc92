package dev.weft.engine.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Whatever may listen on an engine's socket: it answers bytes, or does not.
public final class FakeEngine implements AutoCloseable {
    public static final String VERSION_28 =
            json(200, "{\"Version\":\"28.5.2\",\"ApiVersion\":\"1.51\",\"MinAPIVersion\":\"1.24\"}");
    public static final String EVENTS_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + "Transfer-Encoding: chunked\r\n\r\n";

    /// Answers one request; the connection ends with an exception.
    @FunctionalInterface
    public interface Script {
        /// @param request such as `GET /version`
        void answer(String request, Wire wire) throws Exception;
    }

    public record Wire(SocketChannel channel) {
        public void send(String text) throws IOException {
            var bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        /// Until the client ends the connection.
        public void awaitEnd() throws IOException {
            while (channel.read(ByteBuffer.allocate(100)) >= 0) {}
        }

        public void end() throws IOException {
            channel.close();
        }
    }

    private final ServerSocketChannel server;
    private final Script script;
    private final Path socket;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    public FakeEngine(Path socket, Script script) throws IOException {
        this.socket = socket;
        this.script = script;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.startVirtualThread(this::accept);
    }

    /// That each request is answered so, after the question for the version.
    public static Script always(String answer) {
        return (request, wire) -> wire.send(request.equals("GET /version") ? VERSION_28 : answer);
    }

    public static String json(int status, String body) {
        return "HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(UTF_8).length + "\r\n\r\n" + body;
    }

    public static String chunk(String text) {
        return Integer.toHexString(text.getBytes(UTF_8).length) + "\r\n" + text + "\r\n";
    }

    public List<String> requests() {
        return requests;
    }

    /// What came with those requests that brought something, in their order.
    public List<String> bodies() {
        return bodies;
    }

    private void accept() {
        try {
            while (true) {
                var connection = server.accept();
                connections.add(connection);
                Thread.startVirtualThread(() -> serve(connection));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            var in = new BufferedReader(new InputStreamReader(Channels.newInputStream(connection), UTF_8));
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var request = line.substring(0, line.lastIndexOf(' '));
                int length = 0;
                for (var header = in.readLine(); !header.isEmpty(); header = in.readLine()) {
                    if (header.startsWith("Content-Length: ")) {
                        length = Integer.parseInt(header.substring("Content-Length: ".length()));
                    }
                }
                var body = new StringBuilder();
                while (body.length() < length) {
                    body.append((char) in.read());
                }
                if (!body.isEmpty()) {
                    bodies.add(body.toString());
                }
                requests.add(request);
                script.answer(request, new Wire(connection));
            }
        } catch (Exception ended) {
            // as a connection ends whose client has gone
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var connection : connections) {
            connection.close();
        }
        Files.deleteIfExists(socket);
    }
}
