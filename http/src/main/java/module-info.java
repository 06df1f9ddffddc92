/// HTTP/1.1 over unix sockets on Netty: a server that calls blocking handlers on virtual threads, and a client.
@org.jspecify.annotations.NullMarked
module dev.weft.http {
    requires static transitive org.jspecify;

    exports dev.weft.http;
}
