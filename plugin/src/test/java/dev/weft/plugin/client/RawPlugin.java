package dev.weft.plugin.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A plugin made of bytes: keeps every request as it came, and answers what the test says; nothing: it hangs up.
final class RawPlugin implements AutoCloseable {
    /// @param connection counted from 0
    /// @param bytes      head and body, a char for each byte
    record Request(int connection, String bytes) {
        String line() {
            return bytes.substring(0, bytes.indexOf("\r\n"));
        }

        String body() {
            return bytes.substring(bytes.indexOf("\r\n\r\n") + 4);
        }
    }

    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final ServerSocketChannel listener;
    private final Function<Request, byte[]> answers;
    private final AtomicInteger connections = new AtomicInteger();

    private final Semaphore hungUp = new Semaphore(0);
    private volatile boolean oneEach;

    private RawPlugin(ServerSocketChannel listener, Function<Request, byte[]> answers) {
        this.listener = listener;
        this.answers = answers;
        Thread.ofVirtual().start(this::accept);
    }

    static RawPlugin on(Path socket, Function<Request, byte[]> answers) throws IOException {
        var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        return new RawPlugin(listener.bind(UnixDomainSocketAddress.of(socket)), answers);
    }

    static RawPlugin onLoopback(Function<Request, byte[]> answers) throws IOException {
        return new RawPlugin(ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0)), answers);
    }

    /// One answer for each connection.
    void hangUpAfterFirstAnswer() {
        oneEach = true;
    }

    int port() throws IOException {
        SocketAddress address = listener.getLocalAddress();
        return ((InetSocketAddress) address).getPort();
    }

    static byte[] ok(String body) {
        return answer("200 OK", "", body.getBytes(ISO_8859_1));
    }

    static byte[] answer(String status, String headers, byte[] body) {
        var head = "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + body.length + "\r\n\r\n";
        return ByteBuffer.allocate(head.length() + body.length)
                .put(head.getBytes(ISO_8859_1))
                .put(body)
                .array();
    }

    static byte[] hangUp() {
        return new byte[0];
    }

    void awaitHangUp() {
        hungUp.acquireUninterruptibly();
    }

    private void accept() {
        try {
            while (true) {
                var connection = listener.accept();
                int number = connections.getAndIncrement();
                Thread.ofVirtual().start(() -> serve(connection, number));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(SocketChannel connection, int number) {
        try (connection) {
            var in = new BufferedInputStream(Channels.newInputStream(connection));
            while (true) {
                var request = new Request(number, read(in));
                requests.add(request);
                var answer = answers.apply(request);
                if (answer.length == 0) {
                    return;
                }
                var bytes = ByteBuffer.wrap(answer);
                while (bytes.hasRemaining()) {
                    connection.write(bytes);
                }
                if (oneEach) {
                    return;
                }
            }
        } catch (IOException gone) {
            // the client has closed
        } finally {
            hungUp.release();
        }
    }

    private static String read(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no more requests");
            }
            head.append((char) next);
        }
        int length = head.toString()
                .lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
                .findFirst()
                .orElse(0);
        return head + new String(in.readNBytes(length), ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
