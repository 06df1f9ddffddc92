package dev.weft.engine;

import dev.weft.engine.EngineJson.ServerVersion;
import dev.weft.http.HttpClient;
import dev.weft.http.HttpResponse;
import dev.weft.http.HttpStream;
import dev.weft.json.JsonObject;
import dev.weft.json.MalformedJson;
import dev.weft.json.PlainText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Requests in the version of the API that both sides have, and a sentence for all that can go wrong. `doing` is what
/// the caller wants, as it reads behind "cannot".
final class EngineConnection implements AutoCloseable {
    /// Bytes: those of some 5 000 containers. The agent has 48 MB in all, and whatever listens must not fill it.
    private static final int LONGEST_ANSWER = 8 << 20;
    /// Values of JSON in an answer of that length.
    private static final int VALUES = 400_000;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;

    private final Path socket;
    private final Duration timeout;
    private final HttpClient http;
    private volatile @Nullable ApiVersion version;

    EngineConnection(Path socket, Duration timeout) {
        this.socket = socket;
        this.timeout = timeout;
        http = new HttpClient(socket, LONGEST_ANSWER);
    }

    HttpResponse ask(String doing, String method, String path, String body) {
        return ask(doing, method, path, body, timeout);
    }

    /// An answer that is no refusal.
    HttpResponse ask(String doing, String method, String path, String body, Duration longest) {
        return versioned(doing, spoken -> {
            var answer = send(doing, method, "/v" + spoken + path, body, longest);
            if (answer.status() >= BAD_REQUEST) {
                throw refused(doing, answer.status(), answer.body());
            }
            return answer;
        });
    }

    /// An answer that goes on.
    HttpStream follow(String doing, String path) {
        return versioned(doing, spoken -> {
            var stream = begin(doing, "/v" + spoken + path);
            if (stream.status() != OK) {
                throw refused(doing, stream.status(), rest(doing, stream));
            }
            return stream;
        });
    }

    /// The engine may have been exchanged for an older or newer one since it was asked for its version.
    private <T> T versioned(String doing, Function<ApiVersion, T> request) {
        var known = version;
        if (known != null) {
            try {
                return request.apply(known);
            } catch (EngineException refusal) {
                if (!isOfVersion(refusal)) {
                    throw refusal;
                }
            }
        }
        var negotiated = negotiate(doing);
        version = negotiated;
        return request.apply(negotiated);
    }

    /// Source: moby, `daemon/server/middleware/version.go`.
    private static boolean isOfVersion(EngineException refusal) {
        return refusal.status().orElse(0) == BAD_REQUEST && refusal.words().startsWith("client version ");
    }

    private ApiVersion negotiate(String doing) {
        var answer = send(doing, "GET", "/version", "", timeout);
        if (answer.status() != OK) {
            throw refused(doing, answer.status(), answer.body());
        }
        var server = read(doing, answer, EngineJson::version);
        if (server.newest().compareTo(ApiVersion.OLDEST) < 0) {
            throw unfit(
                    doing,
                    server,
                    "which is older than Weft works with: 20.10 (API " + ApiVersion.OLDEST
                            + "). Upgrade Docker Engine.");
        }
        if (server.oldest().compareTo(ApiVersion.NEWEST) > 0) {
            throw unfit(
                    doing,
                    server,
                    "and takes no API older than " + server.oldest() + ", but Weft speaks " + ApiVersion.NEWEST
                            + " at most. Upgrade Weft.");
        }
        return server.newest().compareTo(ApiVersion.NEWEST) < 0 ? server.newest() : ApiVersion.NEWEST;
    }

    private EngineException unfit(String doing, ServerVersion server, String reason) {
        return EngineException.failed(
                "cannot " + doing + ": the engine on " + socket + " is " + PlainText.escaped(server.engine()) + " (API "
                        + server.newest() + "), " + reason,
                null);
    }

    private HttpResponse send(String doing, String method, String path, String body, Duration longest) {
        try {
            return http.request(method, path, body, longest);
        } catch (IOException failure) {
            throw unanswered(doing, failure);
        }
    }

    private HttpStream begin(String doing, String path) {
        try {
            return http.stream(path, timeout);
        } catch (IOException failure) {
            throw unanswered(doing, failure);
        }
    }

    private static String rest(String doing, HttpStream refusal) {
        try (refusal) {
            var rest = new StringBuilder();
            for (var line = refusal.line(); line != null; line = refusal.line()) {
                rest.append(line).append('\n');
            }
            return rest.toString();
        } catch (IOException failure) {
            throw unanswered(doing, failure);
        }
    }

    private static EngineException unanswered(String doing, IOException failure) {
        return EngineException.failed(
                "cannot " + doing + ": " + failure.getMessage()
                        + ". Look whether Docker Engine runs, and whether that is its socket.",
                failure);
    }

    private static EngineException refused(String doing, int status, String body) {
        var words = words(body);
        return EngineException.refused(
                "cannot " + doing + ": the engine refuses with status " + status + ": "
                        + (words.isEmpty() ? PlainText.quoted(body.strip()) : PlainText.escaped(words)),
                status,
                words);
    }

    /// Engines to 28 refuse versions that are too old in plain text.
    private static String words(String body) {
        try {
            var message = EngineJson.message(JsonObject.parse("the answer", body));
            return Objects.requireNonNullElse(message, "");
        } catch (MalformedJson other) {
            return body.startsWith("client version ") ? body.strip() : "";
        }
    }

    <T> T read(String doing, HttpResponse answer, Function<JsonObject, T> decoder) {
        return read(doing, () -> decoder.apply(JsonObject.parse("the answer", answer.body(), VALUES)));
    }

    <T> List<T> readAll(String doing, HttpResponse answer, Function<JsonObject, T> decoder) {
        return read(
                doing,
                () -> JsonObject.parseList("the answer", answer.body(), VALUES).stream()
                        .map(decoder)
                        .toList());
    }

    <T> T read(String doing, Supplier<T> decoding) {
        try {
            return decoding.get();
        } catch (MalformedJson strange) {
            throw EngineException.failed(
                    "cannot " + doing + ": what listens on " + socket + " does not answer as Docker Engine does: "
                            + strange.getMessage() + ". Name the socket of a Docker Engine, 20.10 or newer.",
                    strange);
        }
    }

    @Override
    public void close() {
        http.close();
    }

    @Override
    public String toString() {
        return socket.toString();
    }
}
