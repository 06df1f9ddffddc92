package dev.weft.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Locale;

/// A kept connection to a plugin that sends the bytes which Docker Engine 28.5 sends, and nothing that costs more than
/// two system calls. For one thread.
final class PluginConnection implements AutoCloseable {
    private static final byte[] END_OF_HEADERS = {'\r', '\n', '\r', '\n'};
    private static final String LENGTH = "\r\ncontent-length: ";

    private final SocketChannel channel;
    private final ByteBuffer answer = ByteBuffer.allocate(1 << 16);

    PluginConnection(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    /// One call as it goes over the wire.
    ///
    /// @param path such as `/NetworkDriver.Join`
    static byte[] request(String path, String json) {
        var body = json.isEmpty() ? "" : json + "\n";
        return ("POST " + path + " HTTP/1.1\r\nHost: plugin.moby.localhost\r\nUser-Agent: Go-http-client/1.1\r\n"
                        + "Content-Length: " + body.length()
                        + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n" + body)
                .getBytes(US_ASCII);
    }

    /// Sends a request and waits for the answer.
    ///
    /// @return nanoseconds from before the write until the whole answer was here
    /// @throws IOException also if the plugin refuses
    long call(byte[] request) throws IOException {
        var out = ByteBuffer.wrap(request);
        answer.clear();
        long start = System.nanoTime();
        while (out.hasRemaining()) {
            channel.write(out);
        }
        int end;
        do {
            if (channel.read(answer) < 0) {
                throw new IOException("the plugin closed the connection after " + answer.position() + " bytes");
            }
            end = end();
        } while (end < 0 || answer.position() < end);
        long nanos = System.nanoTime() - start;
        var text = new String(answer.array(), 0, end, US_ASCII);
        if (!text.startsWith("HTTP/1.1 200 ") || text.contains("\"Err\"")) {
            throw new IOException("the plugin answered " + text);
        }
        return nanos;
    }

    /// Where the answer ends; -1 as long as its headers are not whole.
    private int end() {
        for (int i = 0; i <= answer.position() - END_OF_HEADERS.length; i++) {
            if (matches(i)) {
                var headers = new String(answer.array(), 0, i + 2, US_ASCII).toLowerCase(Locale.ROOT);
                int length = headers.indexOf(LENGTH) + LENGTH.length();
                return i
                        + END_OF_HEADERS.length
                        + Integer.parseInt(headers.substring(length, headers.indexOf('\r', length)));
            }
        }
        return -1;
    }

    private boolean matches(int start) {
        for (int i = 0; i < END_OF_HEADERS.length; i++) {
            if (answer.get(start + i) != END_OF_HEADERS[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
