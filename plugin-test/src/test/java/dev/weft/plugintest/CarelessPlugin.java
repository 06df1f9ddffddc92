package dev.weft.plugintest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.plugin.client.EngineClient;
import dev.weft.plugin.client.EngineVersion;
import dev.weft.plugin.client.PluginAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Not made with Weft: reads a request's head, looks at no body, and gives everyone the same answer.
final class CarelessPlugin implements AutoCloseable {
    private static final String BODY =
            "{\"Implements\":[\"IpamDriver\"],\"PoolID\":\"p\",\"Pool\":\"10.1.0.0/24\",\"Address\":\"10.1.0.2/24\"}";
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;

    private final ServerSocket listener;

    CarelessPlugin() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
        try {
            while (true) {
                try (var connection = listener.accept()) {
                    var request = new StringBuilder();
                    while (request.indexOf("\r\n\r\n") < 0) {
                        request.append((char) connection.getInputStream().read());
                    }
                    int length =
                            Integer.parseInt(request.toString().replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
                    connection.getInputStream().readNBytes(length);
                    connection.getOutputStream().write(ANSWER.getBytes(UTF_8));
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    EngineClient engine() {
        return EngineClient.of(
                EngineVersion.V28_5,
                new PluginAddress.Tcp(listener.getInetAddress().getHostAddress(), listener.getLocalPort()));
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
