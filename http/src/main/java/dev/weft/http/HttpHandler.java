package dev.weft.http;

/// Answers requests. Called on a virtual thread of its own for each request, many at a time; may block.
@FunctionalInterface
public interface HttpHandler {
    /// An exception becomes status 500 with one sentence, and is logged.
    HttpResponse handle(HttpRequest request);
}
