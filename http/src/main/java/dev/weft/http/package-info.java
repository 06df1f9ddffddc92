/// HTTP/1.1 over unix sockets: a server for blocking handlers and a blocking client; the only package that knows Netty.
package dev.weft.http;
