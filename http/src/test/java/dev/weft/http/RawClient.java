package dev.weft.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// Bytes to a server and back, with no HTTP library in between that could mend them.
public final class RawClient implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;

    public RawClient(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        in = Channels.newInputStream(channel);
    }

    public RawClient send(String text) throws IOException {
        return send(text.getBytes(UTF_8));
    }

    public RawClient send(byte[] bytes) throws IOException {
        var left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
        return this;
    }

    /// No more will be sent; answers can still be read.
    void finish() throws IOException {
        channel.shutdownOutput();
    }

    /// Status line and body of the next answer: `200 hello`.
    public String answer() throws IOException {
        var status = line();
        int length = 0;
        for (var header = line(); !header.isEmpty(); header = line()) {
            if (header.startsWith("content-length: ")) {
                length = Integer.parseInt(header.substring("content-length: ".length()));
            }
        }
        return status.split(" ", 3)[1] + " " + new String(in.readNBytes(length), UTF_8);
    }

    /// Whether the server has closed; waits for it or for a byte.
    boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    /// All that the server sends until it closes, one character for each byte.
    public String rest() throws IOException {
        var rest = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                rest.append((char) c);
            }
        } catch (IOException reset) {
            // how a unix socket ends whose server has left bytes unread
        }
        return rest.toString();
    }

    String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("closed after '" + line + "'");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
