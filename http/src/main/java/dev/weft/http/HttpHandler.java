package dev.weft.http;

import java.time.Duration;
import java.util.Optional;

/// Answers requests. Called for many at a time, on a thread of the connection's own, with TLS on a virtual
/// thread of the request's own; may block.
@FunctionalInterface
public interface HttpHandler {
    /// An exception becomes status 500 with one sentence, and is logged.
    HttpResponse handle(HttpRequest request);

    /// After which [#late] answers in place of [#handle], whose own answer then goes unheard, and the
    /// connection ends; by default never. The same for all requests.
    default Optional<Duration> deadline() {
        return Optional.empty();
    }

    /// Answers for a request whose deadline has passed. Called on the one thread that watches over
    /// deadlines: must not block.
    default HttpResponse late(HttpRequest request) {
        return HttpResponse.sentence(504, "no answer to " + request.method() + " " + request.path() + " in time.");
    }
}
