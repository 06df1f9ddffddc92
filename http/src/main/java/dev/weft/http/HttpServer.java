package dev.weft.http;

import static java.lang.System.Logger.Level.WARNING;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.AbstractNioByteChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Serves HTTP/1.1 on a socket: one thread for all connections, one that accepts them, and a virtual thread for each
/// request.
///
/// Netty gets its connections from the JDK: Netty's own server channel lists all network interfaces when it is loaded,
/// which takes seconds while the kernel is busy with links (16 s were seen).
public final class HttpServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration LINGER = Duration.ofMillis(50);
    private static final Duration AFTER_FAILED_ACCEPT = Duration.ofSeconds(1);

    private final Listener socket;
    private final @Nullable SslContext tls;
    private final HttpHandler handler;
    private final HttpLimits limits;
    private final EventLoopGroup loop;
    /// Heap buffers from no arena: arenas are made for more traffic than this, and cost megabytes.
    private final ByteBufAllocator buffers = new UnpooledByteBufAllocator(false, true);
    private final Semaphore free;
    private final Thread acceptor;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    /// Used on the event loop alone.
    private final Set<Connection> connections = new HashSet<>();
    /// Written on the event loop alone.
    private volatile boolean draining;

    private HttpServer(Listener socket, @Nullable SslContext tls, HttpHandler handler, HttpLimits limits) {
        this.socket = socket;
        this.tls = tls;
        this.handler = handler;
        this.limits = limits;
        free = new Semaphore(limits.connections());
        ChannelIds.useFixedMachine();
        loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("weft-http", true), NioIoHandler.newFactory());
        acceptor = Thread.ofPlatform().name("weft-http-accept").unstarted(this::acceptAll);
    }

    /// Listens with [HttpLimits#DEFAULT].
    ///
    /// @throws IOException if the socket cannot be made, or another process serves it; the message says what to do
    public static HttpServer listen(Path unixSocket, HttpHandler handler) throws IOException {
        return listen(unixSocket, handler, HttpLimits.DEFAULT);
    }

    /// Makes the socket's folder if need be; the socket's file has mode 0600 and replaces one that nobody serves. The
    /// JVM stays alive until the server is stopped.
    ///
    /// @throws IOException if the socket cannot be made, or another process serves it; the message says what to do
    public static HttpServer listen(Path unixSocket, HttpHandler handler, HttpLimits limits) throws IOException {
        return start(SocketFile.listen(unixSocket), null, handler, limits);
    }

    /// Serves the listening socket, unix or TCP, that the process was started with as standard input: systemd's
    /// `StandardInput=socket`. Its file is not ours, and stays.
    ///
    /// @throws IOException if standard input is no such thing
    public static HttpServer listenInherited(HttpHandler handler, HttpLimits limits) throws IOException {
        return start(Listener.inherited(System.inheritedChannel()), null, handler, limits);
    }

    /// Without encryption, for addresses that nobody else reaches.
    ///
    /// @param address port 0 takes a free one, see [#port]
    /// @throws IOException if the address is not this machine's, or its port is taken
    public static HttpServer listen(InetSocketAddress address, HttpHandler handler, HttpLimits limits)
            throws IOException {
        return start(Listener.tcp(address), null, handler, limits);
    }

    /// @param address port 0 takes a free one, see [#port]
    /// @throws IOException if a file of `tls` cannot be used, or the address or its port cannot be had
    public static HttpServer listen(InetSocketAddress address, ServerTls tls, HttpHandler handler, HttpLimits limits)
            throws IOException {
        var context = TlsContext.of(tls);
        return start(Listener.tcp(address), context, handler, limits);
    }

    private static HttpServer start(Listener socket, @Nullable SslContext tls, HttpHandler handler, HttpLimits limits) {
        var server = new HttpServer(socket, tls, handler, limits);
        server.acceptor.start();
        return server;
    }

    /// The TCP port it listens on.
    ///
    /// @throws IllegalStateException if it listens on a unix socket
    public int port() throws IOException {
        if (socket.channel().getLocalAddress() instanceof InetSocketAddress bound) {
            return bound.getPort();
        }
        throw new IllegalStateException("a unix socket has no port");
    }

    private void acceptAll() {
        try {
            while (true) {
                free.acquire();
                try {
                    serve(socket.channel().accept());
                } catch (ClosedChannelException stopping) {
                    return;
                } catch (IOException failure) {
                    free.release();
                    LOG.log(WARNING, "cannot accept a connection, trying again: " + failure.getMessage(), failure);
                    Thread.sleep(AFTER_FAILED_ACCEPT);
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel client) throws IOException {
        AbstractNioByteChannel channel = client.getRemoteAddress() instanceof InetSocketAddress
                ? new NioSocketChannel(client)
                : new NioDomainSocketChannel(client);
        channel.config().setAllocator(buffers);
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(buffers));
        }
        channel.pipeline()
                .addLast(new HttpResponseEncoder(), new RequestDecoder())
                .addLast(new Connection(this, handler, limits));
        channel.closeFuture().addListener(_ -> free.release());
        var _ = loop.register(channel);
    }

    /// [#stop] with 5 s.
    @Override
    public void close() {
        stop(GRACE);
    }

    /// Takes the socket's file away, unless it is another's by now, and accepts no more. Requests that have begun are
    /// answered if they end within `grace`; later ones are told to retry (503). Connections that are left then are
    /// cut; their handlers run on unheard.
    public void stop(Duration grace) {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        try {
            socket.close();
        } catch (IOException failure) {
            LOG.log(WARNING, "left the socket's file behind: " + failure.getMessage(), failure);
        }
        try {
            acceptor.interrupt();
            acceptor.join();
            loop.execute(this::drain);
            drained.get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.log(WARNING, "stopped with requests unanswered after " + grace.toMillis() + " ms");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /// Idle connections are closed a moment later: a call that a client has written already is then answered, with 503,
    /// instead of lost.
    private void drain() {
        draining = true;
        var _ = loop.schedule(
                () -> Set.copyOf(connections).forEach(Connection::endWhenIdle),
                LINGER.toMillis(),
                TimeUnit.MILLISECONDS);
        completeIfDrained();
    }

    boolean isDraining() {
        return draining;
    }

    void opened(Connection connection) {
        connections.add(connection);
    }

    void closed(Connection connection) {
        connections.remove(connection);
        completeIfDrained();
    }

    private void completeIfDrained() {
        if (draining && connections.isEmpty()) {
            drained.complete(null);
        }
    }
}
