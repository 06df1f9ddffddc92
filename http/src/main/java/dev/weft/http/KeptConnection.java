package dev.weft.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// A connection, and the answer that it waits for. Between two requests it belongs to nobody but the queue.
final class KeptConnection extends SimpleChannelInboundHandler<FullHttpResponse> {
    final Channel channel;
    private final int longest;
    volatile CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    volatile boolean reusable;
    /// Whether anything has come since the last request was sent.
    volatile boolean heard;
    /// At once without TLS.
    final CompletableFuture<@Nullable Void> secured = new CompletableFuture<>();

    KeptConnection(Channel channel, int longest) {
        this.channel = channel;
        this.longest = longest;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse message) throws IOException {
        if (message.decoderResult().isFailure()) {
            answer.completeExceptionally(new IOException(
                    "the answer is not HTTP", message.decoderResult().cause()));
            return;
        }
        reusable = HttpUtil.isKeepAlive(message);
        var contentType = Objects.requireNonNullElse(message.headers().get(HttpHeaderNames.CONTENT_TYPE), "");
        answer.complete(new HttpResponse(message.status().code(), contentType, text(message)));
    }

    private String text(FullHttpResponse message) throws IOException {
        if (!message.headers().contains(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP, true)) {
            return message.content().toString(UTF_8);
        }
        try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(ByteBufUtil.getBytes(message.content())))) {
            return new String(unpacked.readNBytes(longest), UTF_8);
        }
    }

    void secured(Future<? super Channel> handshake) {
        if (handshake.isSuccess()) {
            secured.complete(null);
        } else {
            secured.completeExceptionally(handshake.cause());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail();
    }

    void fail() {
        HttpClient.end(secured);
        HttpClient.end(answer);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        switch (failure) {
            case TooLongFrameException _ ->
                answer.completeExceptionally(
                        new IOException("the answer has more than " + longest + " bytes", failure));
            case PrematureChannelClosureException _ -> fail();
            default -> answer.completeExceptionally(failure);
        }
        var _ = context.close();
    }
}
