package dev.weft.plugin.server;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.weft.http.HttpHandler;
import dev.weft.http.HttpRequest;
import dev.weft.http.HttpResponse;
import dev.weft.json.Json;
import dev.weft.json.MalformedJson;
import dev.weft.plugin.Refusal;
import dev.weft.plugin.wire.Protocol;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Answers every request within the deadline, with what the driver says or with a sentence that engines show.
///
/// What the driver refuses is status 200 with `Err`, the protocol's own form, shown as "remote: …". What never came to
/// the driver's decision has an error status, shown as "NetworkDriver.Join: …". Engines repeat neither.
final class Calls implements HttpHandler {
    private static final System.Logger LOG = System.getLogger(Calls.class.getName());
    /// Version 1.2 is what engines from 1.12 to 28.5 accept.
    private static final String CONTENT_TYPE = "application/vnd.docker.plugins.v1.2+json";
    /// Calls whose work goes on, late ones included. Far more than engines start.
    private static final int LIMIT = 1000;

    private final Routes routes;
    private final Duration deadline;
    private final Semaphore free = new Semaphore(LIMIT);

    Calls(Routes routes, Duration deadline) {
        this.routes = routes;
        this.deadline = deadline;
    }

    @Override
    public HttpResponse handle(HttpRequest request) {
        var path = request.path();
        if (!routes.has(path)) {
            return error(404, "this plugin has no call " + path);
        }
        if (!request.method().equals("POST")) {
            return error(405, "a plugin's calls are made with POST, not " + request.method());
        }
        if (!free.tryAcquire()) {
            return error(503, LIMIT + " calls are unfinished already. See the plugin's log for what they wait for.");
        }
        try {
            return call(path, request.body());
        } finally {
            free.release();
        }
    }

    @Override
    public Optional<Duration> deadline() {
        return Optional.of(deadline);
    }

    @Override
    public HttpResponse late(HttpRequest request) {
        LOG.log(
                WARNING,
                request.path() + " is not done after " + deadline + "; answered with an error, its work goes on");
        return error(
                500,
                "the plugin was not done after " + deadline.toMillis() + " ms and goes on with it. "
                        + "See the plugin's log, and run the command again.");
    }

    private static HttpResponse error(int status, String sentence) {
        return new HttpResponse(status, CONTENT_TYPE, Json.write(Protocol.error(sentence)));
    }

    /// Catches everything: the engine waits for ever for a call that is not answered.
    private HttpResponse call(String path, String body) {
        try {
            return new HttpResponse(200, CONTENT_TYPE, routes.call(path, body));
        } catch (MalformedJson malformed) {
            LOG.log(INFO, path + ": " + malformed.getMessage());
            return error(400, String.valueOf(malformed.getMessage()));
        } catch (Refusal refusal) {
            LOG.log(INFO, path + " refused: " + refusal.getMessage(), refusal.getCause());
            return error(200, String.valueOf(refusal.getMessage()));
        } catch (Throwable failure) {
            LOG.log(ERROR, path + " failed unexpectedly, which is a fault in the plugin", failure);
            return error(
                    500,
                    "the plugin failed unexpectedly; its log says where. This is a fault in the plugin, not in the command.");
        }
    }
}
