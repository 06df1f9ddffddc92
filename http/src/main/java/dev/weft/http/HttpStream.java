package dev.weft.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An answer that comes line by line, for as long as the server likes. Not more of it is read than is asked for, so
/// that
/// the server waits for a slow reader. Lines are for one thread; another one may close.
public final class HttpStream implements AutoCloseable {
    private static final int OK = 200;
    /// Bytes; a thousand labels of a container are well below.
    private static final int LONGEST_LINE = 1 << 20;

    private sealed interface Part {
        record Bytes(ByteBuffer bytes) implements Part {}

        /// As the server meant it.
        record End() implements Part {}

        record Cut(String reason) implements Part {}
    }

    private final Channel channel;
    private final int longestRefusal;
    private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> head = new CompletableFuture<>();
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    private final Consumer<HttpStream> closed;

    private HttpStream(Channel channel, int longestRefusal, Consumer<HttpStream> closed) {
        this.channel = channel;
        this.longestRefusal = longestRefusal;
        this.closed = closed;
    }

    /// Of a connection that is about to be opened.
    ///
    /// @param closed is told when nobody waits for more
    static HttpStream on(Channel channel, int longestRefusal, Consumer<HttpStream> closed) {
        var stream = new HttpStream(channel, longestRefusal, closed);
        channel.pipeline().addLast(stream.new Receiver());
        return stream;
    }

    /// Its status, when it has begun.
    CompletableFuture<Integer> head() {
        return head;
    }

    /// Of another one than 200 the whole answer is here: its lines do not wait.
    public int status() {
        return head.join();
    }

    /// The next line without its end, null after the last. Waits for it as long as it takes.
    ///
    /// @throws IOException if the connection ends before the answer does, the line has more than 1 MiB, or the
    ///     thread is interrupted; the stream is over then
    public @Nullable String line() throws IOException {
        var line = new ByteArrayOutputStream();
        while (true) {
            while (chunk.hasRemaining()) {
                byte next = chunk.get();
                if (next == '\n') {
                    return line.toString(UTF_8);
                }
                if (line.size() == LONGEST_LINE) {
                    close();
                    throw new IOException("a line of the answer has more than " + LONGEST_LINE + " bytes");
                }
                line.write(next);
            }
            var part = next();
            switch (part) {
                case Part.Bytes(var bytes) -> chunk = bytes;
                case Part.End _ -> {
                    parts.add(part);
                    return line.size() == 0 ? null : line.toString(UTF_8);
                }
                case Part.Cut(var reason) -> {
                    parts.add(part);
                    throw new IOException(reason);
                }
            }
        }
    }

    private Part next() throws IOException {
        try {
            var part = parts.poll();
            if (part == null) {
                channel.read();
                part = parts.take();
            }
            return part;
        } catch (RejectedExecutionException _) { // by Netty's loop: the client was closed
            throw new IOException(HttpClient.CUT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("interrupted", interrupted);
        }
    }

    void fail() {
        fail(HttpClient.CUT);
    }

    private void fail(String reason) {
        head.completeExceptionally(new IOException(reason));
        parts.add(new Part.Cut(reason));
    }

    /// Ends the answer; a thread that waits for a line gets an exception.
    @Override
    public void close() {
        closed.accept(this);
        var _ = channel.close();
    }

    private final class Receiver extends SimpleChannelInboundHandler<HttpObject> {
        private int status;
        private int received;
        private boolean complete;

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message.decoderResult().isFailure()) {
                abandon("the answer is not HTTP");
                return;
            }
            if (message instanceof io.netty.handler.codec.http.HttpResponse begun) {
                status = begun.status().code();
                if (status == OK) {
                    context.channel().config().setAutoRead(false);
                    head.complete(status);
                }
            }
            if (message instanceof HttpContent content) {
                receive(ByteBufUtil.getBytes(content.content()));
            }
            if (message instanceof LastHttpContent) {
                complete = true;
                parts.add(new Part.End());
                head.complete(status);
                close();
            }
        }

        private void receive(byte[] bytes) {
            received += bytes.length;
            if (status != OK && received > longestRefusal) {
                abandon("the answer has more than " + longestRefusal + " bytes");
            } else {
                parts.add(new Part.Bytes(ByteBuffer.wrap(bytes)));
            }
        }

        private void abandon(String reason) {
            fail(reason);
            close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!complete) {
                fail();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            abandon(String.valueOf(failure.getMessage()));
        }
    }
}
