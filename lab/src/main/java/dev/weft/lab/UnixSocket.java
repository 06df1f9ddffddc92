package dev.weft.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/// Whether somebody answers at a unix socket.
final class UnixSocket {
    private static final Duration ANSWER = Duration.ofSeconds(1);

    private UnixSocket() {}

    static boolean accepts(Path path) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException nobody) {
            return false;
        }
    }

    /// Whether a Docker Engine answers `GET /_ping` with 200.
    static boolean pings(Path path) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            channel.write(ByteBuffer.wrap("GET /_ping HTTP/1.0\r\n\r\n".getBytes(US_ASCII)));
            channel.configureBlocking(false);
            var answer = ByteBuffer.allocate(512);
            Wait.until(() -> answered(channel, answer), ANSWER);
            return new String(answer.array(), 0, answer.position(), US_ASCII).contains(" 200 OK");
        } catch (IOException nobody) {
            return false;
        }
    }

    private static boolean answered(SocketChannel channel, ByteBuffer answer) {
        try {
            return channel.read(answer) != 0;
        } catch (IOException gone) {
            return true;
        }
    }
}
