/// HTTP/1.1 over unix, TCP and TLS sockets: a server for blocking handlers and a blocking client; the only package that
/// knows Netty.
package dev.weft.http;
