package dev.weft.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;

/// One kept connection of an engine to a plugin: bytes out, answers in, and no HTTP client that would mend them.
final class EngineConnection implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SocketChannel channel;
    private final InputStream in;

    record Answer(int status, String body) {
        /// @throws io.avaje.json.JsonException if it is no object
        Map<String, Object> json() {
            return JSON.fromJsonObject(body);
        }

        /// The sentence that an engine shows; empty if it takes the answer for a success.
        String err() {
            var err = (String) json().getOrDefault("Err", "");
            return status == 200 || !err.isEmpty() ? err : "status " + status;
        }
    }

    EngineConnection(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        in = Channels.newInputStream(channel);
    }

    void send(byte[] request) throws IOException {
        var bytes = ByteBuffer.wrap(request);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    Answer ask(byte[] request) throws IOException {
        send(request);
        return answer();
    }

    /// The next one.
    Answer answer() throws IOException {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        int length = -1;
        for (var header = line(); !header.isEmpty(); header = line()) {
            var words = header.split(": *", 2);
            if (words[0].equalsIgnoreCase("Content-Length")) {
                length = Integer.parseInt(words[1]);
            }
        }
        if (length < 0) {
            throw new IOException("an answer without Content-Length");
        }
        return new Answer(status, new String(in.readNBytes(length), UTF_8));
    }

    /// Reads what comes, which is not a success, until the other side closes.
    void awaitEnd() throws IOException {
        assertThat(new String(in.readAllBytes(), UTF_8)).doesNotContain(" 200 ");
    }

    private String line() throws IOException {
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
