package dev.weft.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Stands in for the Weft agent: listens where it listens, and never answers; but on a socket that it is started
/// with it answers each client, in words that are no HTTP.
final class StandInAgent {
    private static final Path SOCKET = Path.of("/run/docker/plugins/weft.sock");

    private StandInAgent() {}

    /// The value of the system property `weft.agent.command` that makes the lab start this one.
    static String command() {
        return Path.of(System.getProperty("java.home"), "bin", "java") + " -Xmx16m -cp "
                + System.getProperty("java.class.path") + " " + StandInAgent.class.getName();
    }

    static void main(String... arguments) throws Exception {
        System.out.println("stand-in with " + String.join(",", arguments));
        if (arguments.length > 0 && arguments[0].equals("--fail")) {
            System.exit(3);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("stand-in was told to end")));
        if (System.inheritedChannel() instanceof ServerSocketChannel held) {
            answerAll(held);
        }
        Files.deleteIfExists(SOCKET);
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(SOCKET));
            while (true) {
                server.accept();
            }
        }
    }

    private static void answerAll(ServerSocketChannel server) throws IOException {
        while (true) {
            try (var client = server.accept()) {
                client.write(UTF_8.encode("hello"));
            }
        }
    }
}
