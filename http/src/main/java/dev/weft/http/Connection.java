package dev.weft.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.RETRY_AFTER;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One client. All state belongs to its event loop, which has a thread of its own, where its requests are
/// handled too, one at a time. Nothing is read from the client meanwhile, so answers keep the order of the
/// requests.
///
/// Whoever takes [#running] away answers: the handler, or in its place [#answerIfLate] on the thread that watches over
/// deadlines. The event loop is held up by the handler then, so that answer goes straight into the socket. With TLS,
/// where no other thread can write, handlers have virtual threads instead.
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());

    /// A request that has arrived whole, or why it will not.
    private sealed interface Turn {
        record Call(HttpRequest request, boolean last) implements Turn {}

        record Reject(int status, String reason) implements Turn {}
    }

    /// A request that the handler has.
    private record Running(HttpRequest request, boolean last, long deadline) {}

    private static final int RETRY_AFTER_SECONDS = 1;
    private static final Duration LINGER = Duration.ofMillis(50);
    /// Of a client that has just come, and is about to ask: it would not take the end for that of an idle connection.
    private static final Duration LINGER_AT_FIRST = Duration.ofSeconds(1);
    private static final Duration UNTIL_NEXT_WRITE = Duration.ofMillis(10);

    private final HttpServer server;
    private final EventLoop loop;
    private final SocketChannel socket;
    private final boolean secure;
    private final RequestDecoder decoder = new RequestDecoder();
    private final HttpHandler handler;
    private final long handlerNanos;
    private final HttpLimits limits;
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private io.netty.handler.codec.http.@Nullable HttpRequest head;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private boolean busy;
    /// No more is heard: the client asked for the end, or sent what cannot be followed.
    private boolean deaf;
    /// The client sends its body when it is told to, which must not come before the answers that are due.
    private boolean owesContinue;
    /// Nothing more is handed to the handler.
    private volatile boolean cutOff;
    /// The server is stopping: this one ends when it has been idle for a moment.
    private boolean ending;
    /// A request has begun to arrive, or its first byte is due: the timer runs for all of it.
    private boolean begun = true;
    /// A request has been here.
    private boolean used;
    private @Nullable Future<?> timer;
    private @Nullable ChannelHandlerContext context;

    Connection(
            HttpServer server,
            EventLoop loop,
            SocketChannel socket,
            boolean secure,
            HttpHandler handler,
            HttpLimits limits) {
        this.server = server;
        this.loop = loop;
        this.socket = socket;
        this.secure = secure;
        this.handler = handler;
        this.limits = limits;
        handlerNanos = handler.deadline().map(HttpServer::nanos).orElse(Long.MAX_VALUE);
    }

    /// Begins when the loop runs, which ends with the connection.
    ///
    /// @param channel the socket as Netty has it, with a handler for TLS if that is spoken
    void serve(Channel channel) {
        channel.pipeline().addLast(new HttpResponseEncoder(), decoder, this);
        var _ = channel.closeFuture().addListener(_ -> {
            var _ = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        });
        var _ = loop.register(channel);
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "Netty adds a handler before it uses it");
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext ignored) {
        closeAfter(limits.requestTimeout());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ignored, HttpObject part) {
        if (deaf) {
            return;
        }
        if (part.decoderResult().isFailure()) {
            reject(part.decoderResult().cause());
            return;
        }
        if (part instanceof io.netty.handler.codec.http.HttpRequest request) {
            begin(request);
        }
        if (part instanceof HttpContent content && head != null) {
            add(content, head);
        }
    }

    /// Bytes came. Those that complete no head begin one; a client that sends it in drops gains no time by that.
    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        if (!busy && !waiting.isEmpty()) {
            next();
        }
        if (!busy && !deaf && decoder.isAmidRequest()) {
            allowOneRequest();
        }
    }

    private void allowOneRequest() {
        if (!begun) {
            begun = true;
            closeAfter(limits.requestTimeout());
        }
    }

    private void begin(io.netty.handler.codec.http.HttpRequest request) {
        head = request;
        body.reset();
        owesContinue = HttpUtil.is100ContinueExpected(request);
        if (HttpUtil.getContentLength(request, 0L) > limits.bodyBytes()) {
            rejectBody();
            return;
        }
        if (!busy && waiting.isEmpty()) {
            allowOneRequest();
            sendContinue();
        }
    }

    private void sendContinue() {
        if (owesContinue) {
            owesContinue = false;
            var _ = context()
                    .writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    private void add(HttpContent content, io.netty.handler.codec.http.HttpRequest request) {
        if (body.size() + content.content().readableBytes() > limits.bodyBytes()) {
            rejectBody();
            return;
        }
        try {
            content.content().readBytes(body, content.content().readableBytes());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        if (content instanceof LastHttpContent) {
            head = null;
            finish(request);
        }
    }

    private void finish(io.netty.handler.codec.http.HttpRequest request) {
        String text;
        try {
            text = UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(body.toByteArray()))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            enqueue(new Turn.Reject(400, "the body is not UTF-8"));
            return;
        }
        // A client of HTTP/1.0 waits for the end of the connection, unless it is told otherwise.
        deaf = !HttpUtil.isKeepAlive(request) || request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        enqueue(new Turn.Call(new HttpRequest(request.method().name(), request.uri(), text), deaf));
    }

    private void rejectBody() {
        enqueue(new Turn.Reject(413, "the body has more than " + limits.bodyBytes() + " bytes"));
    }

    private void reject(Throwable cause) {
        enqueue(
                switch (cause) {
                    case RequestDecoder.Violation violation -> new Turn.Reject(400, violation.reason());
                    case Exception _
                    when head != null -> new Turn.Reject(400, "its body is not chunked as it should be");
                    case TooLongHttpLineException _ -> new Turn.Reject(414, "the request's first line is too long");
                    case TooLongHttpHeaderException _ -> new Turn.Reject(431, "the request's headers are too long");
                    default -> new Turn.Reject(400, "this is not a request of HTTP/1.1");
                });
    }

    private void enqueue(Turn turn) {
        if (turn instanceof Turn.Reject) {
            deaf = true;
            head = null;
        }
        waiting.add(turn);
    }

    private void next() {
        busy = false;
        switch (waiting.poll()) {
            case null -> awaitRequest();
            case Turn.Reject(int status, String reason) -> {
                busy = true;
                var response = HttpResponse.sentence(status, "cannot take the request: " + reason + ".");
                write(message(response, true, true), this::hangUp);
            }
            case Turn.Call(HttpRequest request, boolean last) -> {
                busy = true;
                cancelTimer();
                run(new Running(request, last, System.nanoTime() + handlerNanos));
            }
        }
    }

    private void awaitRequest() {
        begun = decoder.isAmidRequest();
        if (begun) {
            closeAfter(limits.requestTimeout());
            sendContinue();
        } else {
            closeAfter(ending ? LINGER : limits.idleTimeout());
        }
        context().channel().config().setAutoRead(true);
    }

    private void run(Running call) {
        used = true;
        running.set(call);
        if (cutOff) {
            close();
            return;
        }
        if (secure) {
            context().channel().config().setAutoRead(false);
            Thread.ofVirtual().name("weft-http " + call.request().path()).start(() -> {
                var response = handle(call.request());
                if (running.compareAndSet(call, null)) {
                    execute(() -> answer(call, response));
                }
            });
            return;
        }
        var response = handle(call.request());
        if (running.compareAndSet(call, null)) {
            answer(call, response);
        } else {
            waiting.clear();
            head = null;
            deaf = true;
            context().channel().config().setAutoRead(false); // who answers in this thread's place hangs up then
        }
    }

    /// Catches everything: whatever a handler does, its client gets an answer.
    private HttpResponse handle(HttpRequest request) {
        try {
            return handler.handle(request);
        } catch (Throwable failure) {
            return failed(request, failure);
        } finally {
            var _ = Thread.interrupted(); // or the next request would begin with it
        }
    }

    private static HttpResponse failed(HttpRequest request, Throwable failure) {
        var call = request.method() + " " + request.path();
        try {
            LOG.log(System.Logger.Level.ERROR, "cannot answer " + call, failure);
        } catch (Throwable unloggable) {
            // the answer says that something is wrong
        }
        return HttpResponse.sentence(500, "cannot answer " + call + ": an internal error; see the plugin's log.");
    }

    /// Called on another thread.
    ///
    /// @return nanoseconds until the deadline of the request that runs, or of the next one at the earliest
    long answerIfLate(long now) {
        var call = running.get();
        if (call == null) {
            return handlerNanos;
        }
        if (call.deadline() - now > 0) {
            return call.deadline() - now;
        }
        if (running.compareAndSet(call, null)) {
            var late = new Running(call.request(), true, call.deadline());
            Thread.ofVirtual().name("weft-http late").start(() -> answerLate(late));
        }
        return handlerNanos;
    }

    private void answerLate(Running call) {
        var response = lateAnswer(call.request());
        if (secure) {
            execute(() -> answer(call, response));
        } else {
            answerPast(message(call, response, true));
        }
    }

    private HttpResponse lateAnswer(HttpRequest request) {
        try {
            return handler.late(request);
        } catch (Throwable failure) {
            return failed(request, failure);
        }
    }

    /// Past the event loop, behind all earlier answers, which the socket has already.
    private void answerPast(FullHttpResponse message) {
        var encoder = new EmbeddedChannel(new HttpResponseEncoder());
        encoder.writeOutbound(message);
        try {
            for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
                writeAll(part.nioBuffer());
            }
            socket.shutdownOutput();
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "a client did not wait for its answer", gone);
        }
        execute(this::hangUp);
        server.closed(this);
    }

    /// The socket does not block: a client that is slow to take earlier answers is waited for.
    ///
    /// @throws IOException if it is gone, or takes longer than a request may
    private void writeAll(ByteBuffer bytes) throws IOException {
        long end = System.nanoTime() + HttpServer.nanos(limits.requestTimeout());
        while (bytes.hasRemaining()) {
            if (socket.write(bytes) == 0) {
                if (System.nanoTime() - end > 0) {
                    throw new IOException("the client takes no answers");
                }
                LockSupport.parkNanos(UNTIL_NEXT_WRITE.toNanos());
            }
        }
    }

    /// Called on another thread: ends the connection, whatever it does.
    void cut() {
        cutOff = true;
        boolean blocked = running.getAndSet(null) != null && !secure;
        if (blocked) {
            try {
                socket.shutdownInput();
                socket.shutdownOutput();
            } catch (IOException gone) {
                LOG.log(System.Logger.Level.DEBUG, "a client did not wait for its answer", gone);
            }
        }
        execute(this::close);
    }

    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            LOG.log(System.Logger.Level.DEBUG, "the connection has ended", ended);
        }
    }

    private void answer(Running call, HttpResponse response) {
        boolean closing = call.last() || (server.isDraining() && waiting.isEmpty() && !decoder.hasBegun());
        write(message(call, response, closing), closing ? this::close : this::next);
    }

    private static FullHttpResponse message(Running call, HttpResponse response, boolean closing) {
        boolean withBody = !call.request().method().equals("HEAD");
        try {
            return message(response, withBody, closing);
        } catch (RuntimeException unsendable) { // a content type with a line break, say
            return message(failed(call.request(), unsendable), withBody, closing);
        }
    }

    private static FullHttpResponse message(HttpResponse response, boolean withBody, boolean closing) {
        var content = response.body().getBytes(UTF_8);
        var message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                withBody ? Unpooled.wrappedBuffer(content) : Unpooled.EMPTY_BUFFER);
        message.headers().set(CONTENT_LENGTH, content.length);
        if (!response.contentType().isEmpty()) {
            message.headers().set(CONTENT_TYPE, response.contentType());
        }
        if (response.status() == HttpResponseStatus.SERVICE_UNAVAILABLE.code()) {
            message.headers().set(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (closing) {
            message.headers().set(CONNECTION, CLOSE);
        }
        return message;
    }

    private void write(FullHttpResponse message, Runnable then) {
        var writing = context().writeAndFlush(message);
        if (!writing.isDone()) {
            closeAfter(limits.requestTimeout());
            context().channel().config().setAutoRead(false);
        }
        var _ = writing.addListener(written -> {
            if (written.isSuccess()) {
                then.run();
            } else {
                close();
            }
        });
    }

    /// Reads on until the client closes: one that is still writing would not see the answer otherwise.
    private void hangUp() {
        closeAfter(ending ? LINGER : limits.requestTimeout());
        busy = false;
        var tls = context().pipeline().get(SslHandler.class);
        var _ = tls == null ? ((DuplexChannel) context().channel()).shutdownOutput() : tls.closeOutbound();
        context().channel().config().setAutoRead(true);
    }

    /// Called on another thread: closes after the answers that are due, and when a moment has passed in
    /// which a call that the client has written already is still answered.
    void endWhenIdle() {
        execute(() -> {
            ending = true;
            if (!busy && (deaf || !decoder.hasBegun())) {
                closeAfter(used ? LINGER : LINGER_AT_FIRST);
            }
        });
    }

    /// Whether a request is with the handler.
    boolean isAnswerDue() {
        return running.get() != null;
    }

    private void closeAfter(Duration time) {
        cancelTimer();
        timer = after(time, this::close);
    }

    private Future<?> after(Duration time, Runnable task) {
        return loop.schedule(task, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void close() {
        var _ = context().close();
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /// A client that went away is nothing to speak of.
    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable failure) {
        if (failure instanceof DecoderException && failure.getCause() instanceof SSLException refused) {
            var reason = refused instanceof NotSslRecordException ? "it does not speak TLS" : refused.getMessage();
            LOG.log(System.Logger.Level.INFO, "a client was not admitted: " + reason);
            close();
            return;
        }
        if (failure instanceof DecoderException) {
            reject(failure);
            return;
        }
        if (!(failure instanceof IOException)) {
            LOG.log(System.Logger.Level.ERROR, "cannot go on with a connection", failure);
        }
        close();
    }
}
