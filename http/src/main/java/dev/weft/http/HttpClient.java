package dev.weft.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.HOST;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Calls a server on a unix socket and waits for the answer. A connection for each request; any thread may call.
public final class HttpClient implements AutoCloseable {
    private static final int LONGEST_ANSWER = 64 << 20;

    private final Path socket;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("weft-http-client", true), NioIoHandler.newFactory());

    /// Does not connect yet.
    public HttpClient(Path unixSocket) {
        ChannelIds.useFixedMachine();
        socket = unixSocket;
    }

    /// Sends `body` as JSON unless it is empty.
    ///
    /// @param timeout for the whole answer, at most 64 MiB, to be here
    /// @throws IOException if there is none; any status is an answer
    public HttpResponse request(String method, String path, String body, Duration timeout) throws IOException {
        var answer = new CompletableFuture<HttpResponse>();
        var connected = new Bootstrap()
                .group(loop)
                .channelFactory(NioDomainSocketChannel::new)
                .disableResolver()
                .handler(pipeline(answer))
                .connect(UnixDomainSocketAddress.of(socket));
        try {
            connected.addListener(connection -> {
                if (connection.isSuccess()) {
                    connected
                            .channel()
                            .writeAndFlush(message(method, path, body))
                            .addListener(written -> {
                                if (!written.isSuccess()) {
                                    answer.completeExceptionally(written.cause());
                                }
                            });
                } else {
                    answer.completeExceptionally(connection.cause());
                }
            });
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException _) {
            var cause = answer.exceptionNow();
            throw failed(method, path, String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException late) {
            throw failed(method, path, "no answer within " + timeout.toMillis() + " ms", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failed(method, path, "interrupted", interrupted);
        } finally {
            var _ = connected.channel().close();
        }
    }

    private IOException failed(String method, String path, String reason, Throwable cause) {
        return new IOException("cannot " + method + " " + path + " on " + socket + ": " + reason, cause);
    }

    private static DefaultFullHttpRequest message(String method, String path, String body) {
        var message = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), path, Unpooled.wrappedBuffer(body.getBytes(UTF_8)));
        message.headers()
                .set(HOST, "localhost")
                .set(CONNECTION, CLOSE)
                .set(CONTENT_LENGTH, message.content().readableBytes());
        if (!body.isEmpty()) {
            message.headers().set(CONTENT_TYPE, "application/json");
        }
        return message;
    }

    private static ChannelInitializer<Channel> pipeline(CompletableFuture<HttpResponse> answer) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(new HttpClientCodec())
                        .addLast(new HttpObjectAggregator(LONGEST_ANSWER))
                        .addLast(new Answer(answer));
            }
        };
    }

    private static final class Answer extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final CompletableFuture<HttpResponse> answer;

        Answer(CompletableFuture<HttpResponse> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse message) {
            if (message.decoderResult().isFailure()) {
                answer.completeExceptionally(new IOException(
                        "the answer is not HTTP", message.decoderResult().cause()));
                return;
            }
            var contentType = Objects.requireNonNullElse(message.headers().get(HttpHeaderNames.CONTENT_TYPE), "");
            answer.complete(new HttpResponse(
                    message.status().code(), contentType, message.content().toString(UTF_8)));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            answer.completeExceptionally(new IOException("the connection was closed before the answer was here"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            answer.completeExceptionally(failure);
        }
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
