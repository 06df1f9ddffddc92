package dev.weft.http;

/// @param path as sent, with the query if there is one; begins with `/`, all visible ASCII
/// @param body UTF-8 on the wire; empty if there is none
public record HttpRequest(String method, String path, String body) {}
