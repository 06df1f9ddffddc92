package dev.weft.plugin.client;

import dev.weft.plugin.client.PluginAddress.Tcp;
import dev.weft.plugin.client.PluginAddress.Tls;
import dev.weft.plugin.client.PluginAddress.Unix;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 as Go's client speaks it: headers as given, one connection kept and reused, more while calls are parallel,
/// no time limit. Connections are guarded by this object's lock.
final class HttpExchange implements Exchange {
    private static final String ALERT = "Received fatal alert: ";

    private final PluginAddress address;
    private final @Nullable SSLContext tls;
    private final Deque<HttpConnection> idle = new ArrayDeque<>();
    private final Set<HttpConnection> busy = new HashSet<>();
    private boolean closed;

    private HttpExchange(PluginAddress address, @Nullable SSLContext tls) {
        this.address = address;
        this.tls = tls;
    }

    /// Does not connect yet.
    ///
    /// @throws IllegalArgumentException if the files for TLS cannot be used
    static HttpExchange to(PluginAddress address) {
        return new HttpExchange(address, address instanceof Tls secured ? TlsContext.of(secured.files()) : null);
    }

    @Override
    public Answer post(String path, Map<String, String> headers, byte[] body) throws Failure {
        var kept = keptConnection();
        if (kept != null) {
            try {
                kept.write(path, headers, body);
                return read(kept);
            } catch (HttpConnection.NotWritten stale) {
                discard(kept);
            }
        }
        var fresh = newConnection();
        try {
            fresh.write(path, headers, body);
        } catch (HttpConnection.NotWritten failure) {
            discard(fresh);
            throw new Failure(true, words(failure), failure);
        }
        return read(fresh);
    }

    private Answer read(HttpConnection connection) throws Failure {
        try {
            var answer = connection.read();
            giveBack(connection);
            return answer;
        } catch (IOException failure) {
            discard(connection);
            checkOpen();
            throw new Failure(true, words(failure), failure);
        }
    }

    private synchronized void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
    }

    private synchronized @Nullable HttpConnection keptConnection() {
        checkOpen();
        while (!idle.isEmpty()) {
            var kept = idle.pop();
            if (kept.isAlive()) {
                busy.add(kept);
                return kept;
            }
            kept.close();
        }
        return null;
    }

    private synchronized void giveBack(HttpConnection connection) {
        busy.remove(connection);
        if (connection.isReusable()) {
            idle.push(connection);
        } else {
            connection.close();
        }
    }

    private synchronized void discard(HttpConnection connection) {
        busy.remove(connection);
        connection.close();
    }

    private HttpConnection newConnection() throws Failure {
        try {
            var connection = open();
            synchronized (this) {
                busy.add(connection);
            }
            return connection;
        } catch (IOException failure) {
            throw new Failure(false, words(failure), failure);
        }
    }

    private HttpConnection open() throws IOException {
        return switch (address) {
            case Unix(var socket) -> {
                var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    channel.connect(UnixDomainSocketAddress.of(socket));
                    yield HttpConnection.plain(channel);
                } catch (IOException failure) {
                    channel.close();
                    throw dial("unix " + socket, failure);
                }
            }
            case Tcp(var host, var port) -> HttpConnection.plain(connect(host, port));
            case Tls(var host, var port, var _) -> secured(connect(host, port), host, port);
        };
    }

    private static SocketChannel connect(String host, int port) throws IOException {
        var target = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        var channel = SocketChannel.open();
        try {
            channel.connect(new InetSocketAddress(host, port));
            return channel;
        } catch (UnresolvedAddressException unknown) {
            channel.close();
            throw new IOException("dial tcp: lookup " + host + ": no such host", unknown);
        } catch (IOException failure) {
            channel.close();
            throw dial("tcp " + target, failure);
        }
    }

    private static IOException dial(String target, IOException failure) {
        var reason = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return new IOException("dial " + target + ": connect: " + reason, failure);
    }

    private HttpConnection secured(SocketChannel channel, String host, int port) throws IOException {
        try {
            var context = Objects.requireNonNull(tls, "an address with TLS has a context");
            var socket = (SSLSocket) context.getSocketFactory().createSocket(channel.socket(), host, port, true);
            var parameters = socket.getSSLParameters();
            if (address instanceof Tls secured && secured.files().verify()) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return HttpConnection.secured(channel, socket);
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    /// As Go says it.
    private static String words(IOException failure) {
        var message = String.valueOf(failure.getMessage());
        int alert = message.indexOf(ALERT);
        return alert < 0
                ? message
                : "remote error: tls: "
                        + message.substring(alert + ALERT.length()).replace('_', ' ');
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.forEach(HttpConnection::close);
        busy.forEach(HttpConnection::close);
        idle.clear();
        busy.clear();
    }
}
