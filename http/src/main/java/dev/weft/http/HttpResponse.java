package dev.weft.http;

/// @param contentType value of the Content-Type header; empty for none
/// @param body        UTF-8 on the wire
public record HttpResponse(int status, String contentType, String body) {
    /// A sentence as plain text.
    static HttpResponse sentence(int status, String sentence) {
        return new HttpResponse(status, "text/plain; charset=utf-8", sentence + "\n");
    }
}
