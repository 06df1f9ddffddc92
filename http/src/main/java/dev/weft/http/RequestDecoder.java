package dev.weft.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.HOST;
import static io.netty.handler.codec.http.HttpHeaderNames.TRANSFER_ENCODING;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/// Netty's decoder without the leniencies by which two readers of the same bytes can differ about where a request ends
/// (RFC 9112, section 11.2) or what it asks for. A request that breaks a rule is passed on as failed, with a
/// [Violation] as the cause if the rule is one of these.
final class RequestDecoder extends HttpRequestDecoder {
    static final class Violation extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private final String reason;

        private Violation(String reason) {
            super(reason);
            this.reason = reason;
        }

        /// Completes "cannot take the request: ".
        String reason() {
            return reason;
        }
    }

    private static final String NOT_HTTP = "this is not a request of HTTP/1.1";
    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final byte SP = ' ';
    private static final byte HT = '\t';
    private static final byte DEL = 0x7f;
    /// First byte of a ClientHello (RFC 8446, section 5.1).
    private static final byte TLS_HANDSHAKE = 22;

    /// Where the next byte belongs: to the empty lines before a request, to its head, to its body, or to nothing any
    /// more.
    private enum Place {
        BEFORE,
        HEAD,
        BODY,
        REFUSED
    }

    private Place place = Place.BEFORE;
    private boolean begun;
    /// Bytes of empty lines since the last request.
    private int empty;

    RequestDecoder() {
        super(new HttpDecoderConfig().setHeadersFactory(Headers.FACTORY));
    }

    /// Whether something of a request is here that is not here whole.
    boolean hasBegun() {
        return begun;
    }

    /// The same, or a client sends empty lines, of which one behind a body is nothing.
    boolean isAmidRequest() {
        return begun || empty > "\r\n".length();
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
        try {
            if (!checkHead(bytes)) {
                return;
            }
            begun |= bytes.isReadable();
        } catch (Violation violation) {
            place = Place.REFUSED;
            out.add(failed(createInvalidMessage(), violation));
        }
        if (place == Place.REFUSED) {
            bytes.skipBytes(bytes.readableBytes());
            return;
        }
        int before = out.size();
        super.decode(context, bytes, out);
        for (Object part : out.subList(before, out.size())) {
            if (part instanceof HttpRequest request) {
                place = Place.BODY;
                checkFraming(request);
            }
            if (part instanceof LastHttpContent) {
                place = Place.BEFORE;
                begun = false;
                empty = 0;
            }
        }
    }

    private static HttpMessage failed(HttpMessage message, Violation cause) {
        message.setDecoderResult(DecoderResult.failure(cause));
        return message;
    }

    /// Checks what has arrived of a head, and takes the empty lines before it. Netty takes whole lines, so each call
    /// begins with a line.
    ///
    /// @return whether there is something for Netty: it would take half of an empty line
    private boolean checkHead(ByteBuf bytes) {
        int at = bytes.readerIndex();
        if (place == Place.BEFORE && startsWith(TLS_HANDSHAKE, bytes, at)) {
            throw new Violation("it is TLS, which this socket does not speak");
        }
        while (place == Place.BEFORE || place == Place.HEAD) {
            int end = bytes.indexOf(at, bytes.writerIndex(), LF);
            if (end < 0) {
                checkLine(bytes, at, bytes.writerIndex());
                return place == Place.HEAD || !startsWith(CR, bytes, at);
            }
            checkLine(bytes, at, end);
            if (end == at || bytes.getByte(end - 1) != CR) {
                throw new Violation("a line before its body ends without a carriage return");
            }
            boolean emptyLine = end - at == 1;
            if (emptyLine && place == Place.HEAD) {
                return true;
            }
            if (emptyLine) {
                empty += end + 1 - at;
                bytes.readerIndex(end + 1);
            } else if (place == Place.BEFORE) {
                checkFirstLine(bytes, at, end);
                place = Place.HEAD;
            }
            at = end + 1;
        }
        return true;
    }

    private static boolean startsWith(byte first, ByteBuf bytes, int at) {
        return at < bytes.writerIndex() && bytes.getByte(at) == first;
    }

    private static void checkFirstLine(ByteBuf bytes, int start, int end) {
        int spaces = 0;
        for (int at = start; at < end; at++) {
            spaces += bytes.getByte(at) == SP ? 1 : 0;
        }
        if (spaces != 2 || bytes.indexOf(start, end, HT) >= 0) {
            throw new Violation(NOT_HTTP);
        }
    }

    private static void checkLine(ByteBuf bytes, int start, int end) {
        if (startsWith(SP, bytes, start) || startsWith(HT, bytes, start)) {
            throw new Violation("a line before its body begins with a space");
        }
        for (int at = start; at < end; at++) {
            byte next = bytes.getByte(at);
            boolean control = (next >= 0 && next < SP && next != HT) || next == DEL;
            if (control && !(next == CR && at == end - 1)) {
                throw new Violation("there is a control character before its body");
            }
        }
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) throws Exception {
        var version = initialLine[2];
        if (!version.equals(HttpVersion.HTTP_1_1.text()) && !version.equals(HttpVersion.HTTP_1_0.text())) {
            throw new Violation(NOT_HTTP);
        }
        var path = initialLine[1];
        if (!path.startsWith("/")) {
            throw new Violation("its path does not begin with '/'");
        }
        if (path.chars().anyMatch(c -> c <= SP || c >= DEL)) {
            throw new Violation("its path has characters that must be percent-encoded");
        }
        return super.createMessage(initialLine);
    }

    private static void checkFraming(HttpRequest request) {
        var headers = request.headers();
        var codings = headers.getAll(TRANSFER_ENCODING);
        if (request.decoderResult().isFailure()) {
            return;
        }
        if (!codings.isEmpty() && !(codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked"))) {
            failed(request, new Violation("its Transfer-Encoding is another than chunked"));
        } else if (!headers.contains(CONTENT_LENGTH) && HttpUtil.getContentLength(request, 0L) > 0) {
            // Netty takes 8 bytes as the body of what looks like a WebSocket handshake of 2010.
            failed(request, new Violation("it has a body without Content-Length"));
        } else if (headers.getAll(HOST).size() > 1) {
            failed(request, new Violation("it has more than one Host"));
        }
    }

    /// Netty makes one Content-Length of several: for HTTP/1.0, of different ones too.
    private static final class Headers extends DefaultHttpHeaders {
        private static final HttpHeadersFactory FACTORY = new HttpHeadersFactory() {
            @Override
            public HttpHeaders newHeaders() {
                return new Headers();
            }

            @Override
            public HttpHeaders newEmptyHeaders() {
                return new Headers();
            }
        };

        @Override
        public HttpHeaders add(CharSequence name, Object value) {
            if (CONTENT_LENGTH.contentEqualsIgnoreCase(name) && contains(CONTENT_LENGTH)) {
                throw new Violation("it has more than one Content-Length");
            }
            return super.add(name, value);
        }
    }
}
