package dev.weft.http;

import static java.lang.System.Logger.Level.WARNING;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.AbstractNioByteChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Serves HTTP/1.1 on a socket: one thread accepts connections, each of them has its own, on which its requests are
/// handled too, and one watches over deadlines. A request that went through more threads would take twice the time.
///
/// Netty gets its connections from the JDK: Netty's own server channel lists all network interfaces when it is loaded,
/// which takes seconds while the kernel is busy with links (16 s were seen).
public final class HttpServer implements AutoCloseable {
    /// Bytes of the path of a unix socket: what the JDK takes of the 107 that unix(7) allows, less what a hidden folder
    /// adds in which the socket is made: a dot and "/s".
    public static final int LONGEST_SOCKET_PATH = 106 - 3;

    private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
    private static final Duration AFTER_FAILED_ACCEPT = Duration.ofSeconds(1);

    private final Listener socket;
    private final @Nullable SslContext tls;
    private final HttpHandler handler;
    private final HttpLimits limits;
    /// Heap buffers from no arena: arenas are made for more traffic than this, and cost megabytes.
    private final ByteBufAllocator buffers = new UnpooledByteBufAllocator(false, true);
    private final Semaphore free;
    private final Selector clients;
    private final Thread acceptor;
    private final Thread watch;
    private final ThreadFactory threads = new DefaultThreadFactory("weft-http", true);
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    /// Without those that only wait for the end of a handler whose request was answered in its place.
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;
    /// Nobody comes any more.
    private volatile boolean complete;

    private HttpServer(Listener socket, @Nullable SslContext tls, HttpHandler handler, HttpLimits limits)
            throws IOException {
        this.socket = socket;
        this.tls = tls;
        this.handler = handler;
        this.limits = limits;
        free = new Semaphore(limits.connections());
        clients = Selector.open();
        socket.channel().configureBlocking(false);
        socket.channel().register(clients, SelectionKey.OP_ACCEPT);
        ChannelIds.useFixedMachine();
        acceptor = Thread.ofPlatform().name("weft-http-accept").unstarted(this::acceptAll);
        watch = Thread.ofPlatform().daemon().name("weft-http-deadlines").unstarted(this::watchDeadlines);
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

    private static HttpServer start(Listener socket, @Nullable SslContext tls, HttpHandler handler, HttpLimits limits)
            throws IOException {
        HttpServer server;
        try {
            server = new HttpServer(socket, tls, handler, limits);
        } catch (IOException failure) {
            socket.withdraw();
            socket.close();
            throw failure;
        }
        server.acceptor.start();
        if (handler.deadline().isPresent()) {
            server.watch.start();
        }
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
            while (!draining) {
                free.acquire();
                if (!acceptOne()) {
                    free.release();
                    clients.select(_ -> {});
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (IOException impossible) {
            throw new UncheckedIOException("cannot wait for connections", impossible);
        }
    }

    /// With a place for it taken.
    ///
    /// @return false if nobody is there, or the server stops and cannot accept
    private boolean acceptOne() throws InterruptedException {
        try {
            var client = socket.channel().accept();
            if (client == null) {
                return false;
            }
            serve(client);
        } catch (IOException | RuntimeException | Error failure) { // too few files or threads to be had, say
            free.release();
            LOG.log(WARNING, "cannot accept a connection, trying again: " + failure.getMessage(), failure);
            return !stopping.await(AFTER_FAILED_ACCEPT.toMillis(), TimeUnit.MILLISECONDS);
        }
        return true;
    }

    private void serve(SocketChannel client) throws IOException {
        try {
            AbstractNioByteChannel channel = client.getRemoteAddress() instanceof InetSocketAddress
                    ? new NioSocketChannel(client)
                    : new NioDomainSocketChannel(client);
            channel.config().setAllocator(buffers);
            if (tls != null) {
                channel.pipeline().addLast(tls.newHandler(buffers));
            }
            var loop = new ManualIoEventLoop(null, NioIoHandler.newFactory());
            var connection = new Connection(this, loop, client, tls != null, handler, limits);
            connection.serve(channel);
            connections.add(connection);
            try {
                threads.newThread(() -> run(loop, client, connection)).start();
            } catch (RuntimeException | Error noThread) {
                connections.remove(connection);
                loop.setOwningThread(Thread.currentThread());
                end(loop);
                throw noThread;
            }
        } catch (IOException | RuntimeException | Error failure) {
            client.close();
            throw failure;
        }
    }

    /// Until the client is gone, or given up.
    private void run(ManualIoEventLoop loop, SocketChannel client, Connection connection) {
        loop.setOwningThread(Thread.currentThread());
        try (client) {
            while (!loop.isTerminated()) {
                loop.run(0);
            }
        } catch (IOException failure) {
            LOG.log(WARNING, "cannot close a connection: " + failure.getMessage(), failure);
        } finally {
            closed(connection);
            end(loop);
        }
    }

    private static void end(ManualIoEventLoop loop) {
        var _ = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        while (!loop.isTerminated()) {
            loop.run(0);
        }
    }

    private void watchDeadlines() {
        try {
            while (true) {
                // A request that begins after this round has its deadline after the next.
                long sleep = nanos(handler.deadline().orElseThrow());
                for (var connection : connections) {
                    sleep = Math.min(sleep, connection.answerIfLate(System.nanoTime()));
                }
                TimeUnit.NANOSECONDS.sleep(sleep);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// [#stop] with 5 s.
    @Override
    public void close() {
        stop(GRACE);
    }

    /// Takes the socket's file away, unless it is another's by now, and accepts nobody but those who are there already.
    /// What they ask is answered if that is done within `grace`, and then their connections end: engines repeat no
    /// request that was refused. Connections that are left then are cut; their handlers run on unheard.
    ///
    /// Of an inherited socket nobody is accepted any more: clients wait there for the next process.
    public void stop(Duration grace) {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        awaitAcceptor();
        try {
            if (socket.withdraw()) {
                acceptWaiting();
            }
        } catch (IOException failure) {
            LOG.log(WARNING, "left the socket's file behind: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        close(clients);
        close(socket::close);
        try {
            drain(grace);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        watch.interrupt();
        connections.forEach(Connection::cut);
    }

    private static void close(Closeable end) {
        try {
            end.close();
        } catch (IOException failure) {
            LOG.log(WARNING, "cannot close the socket: " + failure.getMessage(), failure);
        }
    }

    /// Without an interrupt, by which the JDK would lose a client that it has just accepted.
    private void awaitAcceptor() {
        draining = true;
        stopping.countDown();
        free.release();
        clients.wakeup();
        boolean interrupted = false;
        while (acceptor.isAlive()) {
            try {
                acceptor.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptWaiting() throws InterruptedException {
        boolean some = true;
        while (some && free.tryAcquire()) {
            some = acceptOne();
        }
    }

    private void drain(Duration grace) throws InterruptedException {
        complete = true;
        completeIfDrained();
        connections.forEach(Connection::endWhenIdle);
        if (!isDrainedWithin(nanos(grace)) && connections.stream().anyMatch(Connection::isAnswerDue)) {
            LOG.log(WARNING, "stopped with requests unanswered after " + grace.toMillis() + " ms");
        }
    }

    /// Nearly 300 years for more than that.
    static long nanos(Duration time) {
        return time.compareTo(LONGEST) < 0 ? time.toNanos() : LONGEST.toNanos();
    }

    private boolean isDrainedWithin(long nanos) throws InterruptedException {
        try {
            drained.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException undrained) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    boolean isDraining() {
        return draining;
    }

    /// Nothing more is owed to its client.
    void closed(Connection connection) {
        if (connections.remove(connection)) {
            free.release();
            completeIfDrained();
        }
    }

    private void completeIfDrained() {
        if (complete && connections.isEmpty()) {
            drained.complete(null);
        }
    }
}
