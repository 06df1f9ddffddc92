package dev.weft.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Serves HTTP/1.1 on a unix socket: one thread for all connections, and a virtual thread for each request.
public final class HttpServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());
    /// Requests that one read of a connection can bring: 64 KiB of the shortest. Nothing is read while they wait.
    private static final int PIPELINED = 4096;
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final SocketFile socket;
    private final EventLoopGroup loop;
    private final Channel listener;
    private final HttpLimits limits;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    /// Used on the event loop alone, like `draining`.
    private final Set<Connection> connections = new HashSet<>();
    private boolean draining;

    private HttpServer(SocketFile socket, HttpHandler handler, HttpLimits limits) {
        this.socket = socket;
        this.limits = limits;
        ChannelIds.useFixedMachine();
        loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("weft-http", false), NioIoHandler.newFactory());
        // Heap buffers from no arena: arenas are made for more traffic than this, and cost megabytes.
        var buffers = new UnpooledByteBufAllocator(false, true);
        var acceptor = new NioServerDomainSocketChannel(socket.channel());
        listener = acceptor;
        new ServerBootstrap()
                .group(loop)
                .channelFactory(() -> acceptor)
                .option(ChannelOption.ALLOCATOR, buffers)
                .childOption(ChannelOption.ALLOCATOR, buffers)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec(new HttpDecoderConfig(), PIPELINED))
                                .addLast(new Connection(HttpServer.this, handler, limits));
                    }
                })
                .register()
                .syncUninterruptibly();
    }

    /// Listens with [HttpLimits#DEFAULT].
    ///
    /// @throws IOException if the socket cannot be made, or another process serves it; the message says what to do
    public static HttpServer listen(Path unixSocket, HttpHandler handler) throws IOException {
        return listen(unixSocket, handler, HttpLimits.DEFAULT);
    }

    /// Makes the socket's folder if need be; the socket's file has mode 0600 and replaces one that nobody serves.
    ///
    /// @throws IOException if the socket cannot be made, or another process serves it; the message says what to do
    public static HttpServer listen(Path unixSocket, HttpHandler handler, HttpLimits limits) throws IOException {
        return new HttpServer(SocketFile.listen(unixSocket), handler, limits);
    }

    /// [#stop] with 5 s.
    @Override
    public void close() {
        stop(GRACE);
    }

    /// Takes the socket's file away, unless it is another's by now, and accepts no more; requests that have begun are
    /// answered if they end within `grace`. Connections that are left then are cut; their handlers run on unheard.
    public void stop(Duration grace) {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        try {
            socket.close(() -> listener.close().syncUninterruptibly());
        } catch (IOException failure) {
            LOG.log(System.Logger.Level.WARNING, "left the socket's file behind: " + failure.getMessage(), failure);
        }
        loop.execute(this::drain);
        try {
            drained.get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.log(System.Logger.Level.WARNING, "stopped with requests unanswered after " + grace.toMillis() + " ms");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void drain() {
        draining = true;
        Set.copyOf(connections).forEach(Connection::endWhenIdle);
        completeIfDrained();
    }

    boolean isDraining() {
        return draining;
    }

    void opened(Connection connection) {
        connections.add(connection);
        if (connections.size() >= limits.connections()) {
            listener.config().setAutoRead(false);
        }
    }

    void closed(Connection connection) {
        connections.remove(connection);
        if (connections.size() < limits.connections() && listener.isOpen()) {
            listener.config().setAutoRead(true);
        }
        completeIfDrained();
    }

    private void completeIfDrained() {
        if (draining && connections.isEmpty()) {
            drained.complete(null);
        }
    }
}
