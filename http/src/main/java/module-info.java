/// HTTP/1.1 over unix, TCP and TLS sockets on Netty: a server whose handlers may block, and a client.
@org.jspecify.annotations.NullMarked
module dev.weft.http {
    requires static transitive org.jspecify;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;

    exports dev.weft.http;
}
