package dev.weft.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.RETRY_AFTER;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
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
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One client. All state belongs to the event loop; only [HttpHandler#handle] runs elsewhere, one at a time. Nothing is
/// read from the client meanwhile, so answers keep the order of the requests.
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());

    /// A request that has arrived whole, or why it will not.
    private sealed interface Turn {
        record Call(HttpRequest request, boolean last) implements Turn {}

        record Reject(int status, String reason) implements Turn {}
    }

    private static final int RETRY_AFTER_SECONDS = 1;

    private final HttpServer server;
    private final HttpHandler handler;
    private final HttpLimits limits;
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private io.netty.handler.codec.http.@Nullable HttpRequest head;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private boolean busy;
    /// The number of the last call that was given to the handler, and of the last that was answered.
    private int calls;

    private int answered;
    /// No more is heard: the client asked for the end, or sent what cannot be followed.
    private boolean deaf;
    /// A request has begun to arrive, or its first byte is due: the timer runs for all of it.
    private boolean begun = true;
    private @Nullable Future<?> timer;
    private @Nullable ChannelHandlerContext context;

    Connection(HttpServer server, HttpHandler handler, HttpLimits limits) {
        this.server = server;
        this.handler = handler;
        this.limits = limits;
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "Netty adds a handler before it uses it");
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        server.opened(this);
    }

    @Override
    public void channelActive(ChannelHandlerContext ignored) {
        closeAfter(limits.requestTimeout());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ignored) {
        cancelTimer();
        server.closed(this);
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
        if (!busy && !deaf) {
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
        if (server.isDraining()) {
            enqueue(new Turn.Reject(503, "the plugin is stopping; try again in a second"));
            return;
        }
        head = request;
        body.reset();
        if (HttpUtil.getContentLength(request, 0L) > limits.bodyBytes()) {
            rejectBody();
            return;
        }
        if (!busy) {
            allowOneRequest();
            if (HttpUtil.is100ContinueExpected(request)) {
                var _ = context()
                        .writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
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
        if (!busy) {
            next();
        }
    }

    private void next() {
        busy = false;
        switch (waiting.poll()) {
            case null -> awaitRequest();
            case Turn.Reject(int status, String reason) -> {
                busy = true;
                var response = HttpResponse.sentence(status, "cannot take the request: " + reason + ".");
                write(response, true, true, this::hangUp);
            }
            case Turn.Call(HttpRequest request, boolean last) -> {
                busy = true;
                cancelTimer();
                context().channel().config().setAutoRead(false);
                int call = ++calls;
                handler.deadline()
                        .ifPresent(time -> timer = after(time, () -> {
                            if (isUnanswered(call)) {
                                answer(request, handler.late(request), last);
                            }
                        }));
                Thread.ofVirtual().name("weft-http " + request.path()).start(() -> call(call, request, last));
            }
        }
    }

    private void awaitRequest() {
        if (server.isDraining() && head == null) {
            close();
            return;
        }
        begun = head != null;
        closeAfter(begun ? limits.requestTimeout() : limits.idleTimeout());
        context().channel().config().setAutoRead(true);
    }

    /// Catches everything: whatever a handler does, its client gets an answer.
    private void call(int number, HttpRequest request, boolean last) {
        HttpResponse response;
        try {
            response = handler.handle(request);
        } catch (Throwable failure) {
            var call = request.method() + " " + request.path();
            LOG.log(System.Logger.Level.ERROR, "cannot answer " + call, failure);
            response =
                    HttpResponse.sentence(500, "cannot answer " + call + ": an internal error; see the plugin's log.");
        }
        var answer = response;
        try {
            context().executor().execute(() -> {
                if (isUnanswered(number)) {
                    answer(request, answer, last);
                }
            });
        } catch (RejectedExecutionException stopped) {
            LOG.log(System.Logger.Level.DEBUG, "nobody waits for this answer any more: the server has stopped");
        }
    }

    private boolean isUnanswered(int call) {
        return call > answered;
    }

    private void answer(HttpRequest request, HttpResponse response, boolean last) {
        answered = calls;
        boolean closing = last || (server.isDraining() && waiting.isEmpty() && head == null);
        write(response, !request.method().equals("HEAD"), closing, closing ? this::close : this::next);
    }

    private void write(HttpResponse response, boolean withBody, boolean closing, Runnable then) {
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
        closeAfter(limits.requestTimeout());
        context().writeAndFlush(message).addListener(written -> {
            if (written.isSuccess()) {
                then.run();
            } else {
                close();
            }
        });
    }

    /// Reads on until the client closes: one that is still writing would not see the answer otherwise. The timer that
    /// ran for the answer now runs for this.
    private void hangUp() {
        busy = false;
        var tls = context().pipeline().get(SslHandler.class);
        var _ = tls == null ? ((DuplexChannel) context().channel()).shutdownOutput() : tls.closeOutbound();
        context().channel().config().setAutoRead(true);
    }

    /// Closes now, or after the answers that are due.
    void endWhenIdle() {
        if (!busy && head == null) {
            close();
        }
    }

    private void closeAfter(Duration time) {
        cancelTimer();
        timer = after(time, this::close);
    }

    private Future<?> after(Duration time, Runnable task) {
        return context().executor().schedule(task, time.toMillis(), TimeUnit.MILLISECONDS);
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
