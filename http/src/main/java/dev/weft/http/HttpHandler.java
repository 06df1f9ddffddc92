package dev.weft.http;

import java.time.Duration;
import java.util.Optional;

/// Answers requests. Called on a virtual thread of its own for each request, many at a time; may block.
@FunctionalInterface
public interface HttpHandler {
    /// An exception becomes status 500 with one sentence, and is logged.
    HttpResponse handle(HttpRequest request);

    /// After which [#late] answers in place of [#handle], whose own answer then goes unheard; by default never.
    default Optional<Duration> deadline() {
        return Optional.empty();
    }

    /// Answers for a request whose deadline has passed. Called on the thread of all connections: must not block.
    default HttpResponse late(HttpRequest request) {
        return HttpResponse.sentence(504, "no answer to " + request.method() + " " + request.path() + " in time.");
    }
}
