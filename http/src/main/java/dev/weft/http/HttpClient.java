package dev.weft.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Calls a server on a unix socket, over TCP or TLS, and waits for the answer. Connections are kept and used again, one
/// request at a time on each; any thread may call.
public final class HttpClient implements AutoCloseable {
    static final String CUT = "the connection was closed before the answer was here";
    private static final int LONGEST_ANSWER = 64 << 20;

    private final SocketAddress server;
    private final String name;
    private final @Nullable SslContext tls;
    private final int longestAnswer;
    private final Deque<KeptConnection> idle = new ConcurrentLinkedDeque<>();
    /// End the waiting of callers. Netty does not tell all of them when the loop ends.
    private final Set<Runnable> waitings = ConcurrentHashMap.newKeySet();
    /// Not closed yet. Netty does not tell all of them either.
    private final Set<HttpStream> streams = ConcurrentHashMap.newKeySet();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("weft-http-client", true), NioIoHandler.newFactory());

    private HttpClient(SocketAddress server, String name, @Nullable SslContext tls, int longestAnswer) {
        ChannelIds.useFixedMachine();
        this.server = server;
        this.name = name;
        this.tls = tls;
        this.longestAnswer = longestAnswer;
    }

    /// Does not connect yet.
    public HttpClient(Path unixSocket) {
        this(unixSocket, LONGEST_ANSWER);
    }

    /// Does not connect yet.
    ///
    /// @param longestAnswer bytes of a body, in place of 64 MiB
    public HttpClient(Path unixSocket, int longestAnswer) {
        this(UnixDomainSocketAddress.of(unixSocket), unixSocket.toString(), null, longestAnswer);
    }

    /// Without encryption. Does not connect yet.
    public HttpClient(InetSocketAddress server) {
        this(server, name(server), null, LONGEST_ANSWER);
    }

    /// Does not connect yet.
    ///
    /// @throws IOException if a file of `tls` cannot be used
    public HttpClient(InetSocketAddress server, ClientTls tls) throws IOException {
        this(server, name(server), TlsContext.of(tls), LONGEST_ANSWER);
    }

    private static String name(InetSocketAddress server) {
        return server.getHostString() + ":" + server.getPort();
    }

    /// Sends `body` as JSON unless it is empty.
    ///
    /// @param timeout for the whole answer to be here; its body has at most 64 MiB, or as the client was made with
    /// @throws ConnectException if no connection could be opened: nothing was sent
    /// @throws IOException      if there is no answer; any status is one
    public HttpResponse request(String method, String path, String body, Duration timeout) throws IOException {
        return request(method, path, headers(body), body, timeout);
    }

    private List<Map.Entry<String, String>> headers(String body) {
        var host = Map.entry("Host", server instanceof InetSocketAddress ? name : "localhost");
        var length = Map.entry("Content-Length", Integer.toString(body.getBytes(UTF_8).length));
        return body.isEmpty()
                ? List.of(host, length)
                : List.of(host, length, Map.entry("Content-Type", "application/json"));
    }

    /// Sends just these headers, in their order and spelling. A gzip answer is unpacked.
    ///
    /// @param timeout for the whole answer to be here; its body has at most 64 MiB, or as the client was made with
    /// @throws ConnectException if no connection could be opened: nothing was sent
    /// @throws IOException      if there is no answer; any status is one
    public HttpResponse request(
            String method, String path, List<Map.Entry<String, String>> headers, String body, Duration timeout)
            throws IOException {
        return attempt(method, path, timeout, end -> {
            for (var kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
                if (send(kept, message(method, path, headers, body), end)) {
                    try {
                        return await(kept, end);
                    } catch (ExecutionException ended) {
                        // What changes nothing may be asked again (RFC 9110, section 9.2.2).
                        if (!method.equals("GET") || kept.heard) {
                            throw ended;
                        }
                    }
                }
            }
            var fresh = connect(
                    method,
                    path,
                    end,
                    kept -> kept.channel
                            .pipeline()
                            .addLast(new HttpObjectAggregator(longestAnswer))
                            .addLast(kept));
            sendFirst(fresh, message(method, path, headers, body), end);
            return await(fresh, end);
        });
    }

    /// Asks for an answer without an end, on a connection of its own.
    ///
    /// @param timeout for the answer to begin; its lines may then be as long in coming as they like
    /// @throws ConnectException if no connection could be opened: nothing was sent
    /// @throws IOException      if no answer begins; any status is an answer
    public HttpStream stream(String path, Duration timeout) throws IOException {
        return attempt("GET", path, timeout, end -> {
            var streaming = new CompletableFuture<HttpStream>();
            var fresh = connect(
                    "GET",
                    path,
                    end,
                    kept -> streaming.complete(HttpStream.on(kept.channel, longestAnswer, streams::remove)));
            var stream = streaming.join();
            streams.add(stream);
            boolean begun = false;
            try {
                sendFirst(fresh, message("GET", path, headers(""), ""), end);
                await(stream.head(), end);
                begun = true;
                return stream;
            } finally {
                if (!begun) {
                    stream.close();
                }
            }
        });
    }

    private void sendFirst(KeptConnection fresh, DefaultFullHttpRequest message, long end)
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        if (!send(fresh, message, end)) {
            throw new IOException("the connection was closed before the request was sent");
        }
    }

    private interface Attempt<T> {
        T until(long end) throws IOException, ExecutionException, InterruptedException, TimeoutException;
    }

    private <T> T attempt(String method, String path, Duration timeout, Attempt<T> attempt) throws IOException {
        try {
            return attempt.until(System.nanoTime() + timeout.toNanos());
        } catch (ConnectException failure) {
            throw failure;
        } catch (RejectedExecutionException meanwhile) { // by Netty's loop, for a new connection
            throw closed(method, path);
        } catch (ExecutionException failure) {
            var cause = Objects.requireNonNullElse(failure.getCause(), failure);
            throw failed(method, path, String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException late) {
            throw failed(method, path, "no answer within " + timeout.toMillis() + " ms", late);
        } catch (IOException failure) {
            throw failed(method, path, String.valueOf(failure.getMessage()), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failed(method, path, "interrupted", interrupted);
        }
    }

    private ConnectException closed(String method, String path) {
        return new ConnectException("cannot " + method + " " + path + " on " + name + ": this client is closed");
    }

    private IOException failed(String method, String path, String reason, Throwable cause) {
        return new IOException("cannot " + method + " " + path + " on " + name + ": " + reason, cause);
    }

    /// @param handlers adds to the pipeline who is told of what comes; later is too late, if the server closes at once
    private KeptConnection connect(String method, String path, long end, Consumer<KeptConnection> handlers)
            throws ConnectException, InterruptedException, TimeoutException {
        if (loop.isShuttingDown()) {
            throw closed(method, path);
        }
        var kept = new CompletableFuture<KeptConnection>();
        boolean unix = server instanceof UnixDomainSocketAddress;
        var connecting = new Bootstrap()
                .group(loop)
                .channelFactory(unix ? NioDomainSocketChannel::new : NioSocketChannel::new)
                .disableResolver()
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        kept.complete(prepare(channel, handlers));
                    }
                })
                .connect(server);
        try {
            await(completion(connecting), end);
            var connection = kept.join();
            await(connection.secured, end);
            return connection;
        } catch (ExecutionException failure) {
            var _ = connecting.channel().close();
            var cause = Objects.requireNonNullElse(failure.getCause(), failure);
            var refused =
                    new ConnectException("cannot " + method + " " + path + " on " + name + ": " + cause.getMessage());
            refused.initCause(cause);
            throw refused;
        } catch (TimeoutException | InterruptedException ended) {
            var _ = connecting.channel().close();
            throw ended;
        }
    }

    private KeptConnection prepare(Channel channel, Consumer<KeptConnection> handlers) {
        var kept = new KeptConnection(channel, longestAnswer);
        if (tls != null && server instanceof InetSocketAddress address) {
            var handler = tls.newHandler(channel.alloc(), address.getHostString(), address.getPort());
            channel.pipeline().addLast(handler);
            var _ = handler.handshakeFuture().addListener(kept::secured);
        } else {
            kept.secured.complete(null);
        }
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object bytes) {
                kept.heard = true;
                context.fireChannelRead(bytes);
            }
        });
        channel.pipeline().addLast(new HttpClientCodec());
        handlers.accept(kept);
        channel.closeFuture().addListener(_ -> idle.remove(kept));
        return kept;
    }

    private static DefaultFullHttpRequest message(
            String method, String path, List<Map.Entry<String, String>> headers, String body) {
        var message = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), path, Unpooled.wrappedBuffer(body.getBytes(UTF_8)));
        headers.forEach(header -> message.headers().add(header.getKey(), header.getValue()));
        return message;
    }

    private HttpResponse await(KeptConnection kept, long end)
            throws ExecutionException, InterruptedException, TimeoutException {
        boolean answered = false;
        try {
            var answer = await(kept.answer, end);
            answered = true;
            if (kept.reusable) {
                idle.addFirst(kept);
            } else {
                var _ = kept.channel.close();
            }
            return answer;
        } finally {
            if (!answered) {
                var _ = kept.channel.close();
            }
        }
    }

    /// False if nothing was sent, because the server has closed the connection meanwhile.
    private boolean send(KeptConnection kept, DefaultFullHttpRequest message, long end)
            throws ExecutionException, InterruptedException, TimeoutException {
        kept.answer = new CompletableFuture<>();
        kept.heard = false;
        boolean sent = false;
        try {
            await(completion(kept.channel.writeAndFlush(message)), end);
            sent = true;
        } catch (ExecutionException failure) {
            if (loop.isShuttingDown()) { // it may have been sent
                throw failure;
            }
        } finally {
            if (!sent) {
                var _ = kept.channel.close();
            }
        }
        return sent;
    }

    private static CompletableFuture<?> completion(ChannelFuture future) {
        var completion = new CompletableFuture<@Nullable Void>();
        future.addListener(done -> {
            if (done.isSuccess()) {
                completion.complete(null);
            } else {
                completion.completeExceptionally(done.cause());
            }
        });
        return completion;
    }

    private <T> T await(CompletableFuture<T> result, long end)
            throws ExecutionException, InterruptedException, TimeoutException {
        Runnable ending = () -> end(result);
        waitings.add(ending);
        try {
            if (loop.isTerminated()) {
                ending.run();
            }
            return result.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } finally {
            waitings.remove(ending);
        }
    }

    static void end(CompletableFuture<?> result) {
        result.completeExceptionally(new IOException(CUT));
    }

    /// Requests in flight fail, and streams end as if cut.
    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        waitings.forEach(Runnable::run);
        streams.forEach(HttpStream::fail);
    }
}
