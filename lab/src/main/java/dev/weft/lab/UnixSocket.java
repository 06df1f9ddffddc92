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
        return answer(path, "GET /_ping HTTP/1.0\r\n\r\n").contains(" 200 OK");
    }

    /// Whether a plugin answers `/Plugin.Activate`. At a socket that is held for it, all callers are let in, and
    /// wait.
    static boolean activates(Path path) {
        return !answer(path, "POST /Plugin.Activate HTTP/1.1\r\nHost: weft\r\nContent-Length: 0\r\n\r\n")
                .isEmpty();
    }

    /// What comes first within a second, empty if nothing does.
    private static String answer(Path path, String request) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            channel.write(ByteBuffer.wrap(request.getBytes(US_ASCII)));
            channel.configureBlocking(false);
            var answer = ByteBuffer.allocate(512);
            Wait.until(() -> answered(channel, answer), ANSWER);
            return new String(answer.array(), 0, answer.position(), US_ASCII);
        } catch (IOException nobody) {
            return "";
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
