package dev.weft.plugin.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.http.ClientTls;
import dev.weft.http.HttpClient;
import dev.weft.plugin.client.PluginAddress.Tcp;
import dev.weft.plugin.client.PluginAddress.Tls;
import dev.weft.plugin.client.PluginAddress.Unix;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// HTTP/1.1 as Go's client speaks it: headers as given, one connection kept and reused, more while calls are parallel,
/// no time limit.
final class HttpExchange implements Exchange {
    private static final Duration WITHOUT_END = Duration.ofDays(365);
    /// The JDK's "(certificate_required) Received fatal alert: certificate_required".
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

    private final PluginAddress address;
    private final HttpClient http;
    private volatile boolean closed;

    private HttpExchange(PluginAddress address, HttpClient http) {
        this.address = address;
        this.http = http;
    }

    /// Does not connect yet.
    ///
    /// @throws IllegalArgumentException if the files for TLS cannot be used
    static HttpExchange to(PluginAddress address) {
        try {
            return new HttpExchange(address, client(address));
        } catch (IOException unusable) {
            throw new IllegalArgumentException(unusable.getMessage(), unusable);
        }
    }

    private static HttpClient client(PluginAddress address) throws IOException {
        return switch (address) {
            case Unix(var socket) -> new HttpClient(socket);
            case Tcp(var host, var port) -> new HttpClient(new InetSocketAddress(host, port));
            case Tls(var host, var port, var files) ->
                new HttpClient(
                        new InetSocketAddress(host, port),
                        new ClientTls(files.authority(), files.certificate(), files.key(), files.verify()));
        };
    }

    @Override
    public Answer post(String path, Map<String, String> headers, byte[] body) throws Failure {
        try {
            var answer =
                    http.request("POST", path, List.copyOf(headers.entrySet()), new String(body, UTF_8), WITHOUT_END);
            return new Answer(answer.status(), answer.body());
        } catch (ConnectException refused) {
            checkOpen();
            throw new Failure(false, dialled(root(refused)), refused);
        } catch (IOException died) {
            checkOpen();
            throw new Failure(true, words(root(died)), died);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
    }

    private static Throwable root(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /// As Go says it.
    private String dialled(Throwable cause) {
        var alert = ALERT.matcher(String.valueOf(cause.getMessage()));
        if (alert.find()) {
            return words(cause);
        }
        return switch (address) {
            case Unix(var socket) -> "dial unix " + socket + ": connect: " + reason(cause);
            case Tcp(var host, var port) -> dialled(host, port, cause);
            case Tls(var host, var port, var _) -> dialled(host, port, cause);
        };
    }

    private static String dialled(String host, int port, Throwable cause) {
        if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
            return "dial tcp: lookup " + host + ": no such host";
        }
        return "dial tcp " + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + ": connect: "
                + reason(cause);
    }

    private static String reason(Throwable cause) {
        return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    }

    /// As Go says it.
    private static String words(Throwable cause) {
        var alert = ALERT.matcher(String.valueOf(cause.getMessage()));
        return alert.find() ? "remote error: tls: " + alert.group(1).replace('_', ' ') : "EOF";
    }

    @Override
    public void close() {
        closed = true;
        http.close();
    }
}
