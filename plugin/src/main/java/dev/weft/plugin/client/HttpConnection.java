package dev.weft.plugin.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.plugin.client.Exchange.Answer;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLSocket;

/// One connection to a plugin; one thread at a time uses it, any thread may close it. Source: RFC 9112.
final class HttpConnection {
    private static final int LONGEST_LINE = 1 << 16;
    private static final int LONGEST_BODY = 64 << 20;
    private static final int HEXADECIMAL = 16;

    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;
    private boolean reusable = true;

    /// Nothing of the request has reached the plugin.
    static final class NotWritten extends IOException {
        private static final long serialVersionUID = 1;

        NotWritten(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private HttpConnection(SocketChannel channel, InputStream in, OutputStream out) {
        this.channel = channel;
        this.in = new BufferedInputStream(in);
        this.out = out;
    }

    static HttpConnection plain(SocketChannel channel) {
        return new HttpConnection(channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    static HttpConnection secured(SocketChannel channel, SSLSocket socket) throws IOException {
        return new HttpConnection(channel, socket.getInputStream(), socket.getOutputStream());
    }

    /// Whether the plugin has neither closed it nor sent what nobody asked for, while it was idle.
    boolean isAlive() {
        try {
            channel.configureBlocking(false);
            int read = channel.read(ByteBuffer.allocate(1));
            channel.configureBlocking(true);
            return read == 0;
        } catch (IOException closed) {
            return false;
        }
    }

    /// After an answer: whether another request may follow.
    boolean isReusable() {
        return reusable;
    }

    void write(String path, Map<String, String> headers, byte[] body) throws NotWritten {
        var head = new StringBuilder("POST ").append(path).append(" HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        var message = new ByteArrayOutputStream();
        message.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        message.writeBytes(body);
        try {
            out.write(message.toByteArray());
            out.flush();
        } catch (IOException failure) {
            throw new NotWritten(failure);
        }
    }

    /// Waits for the answer without end.
    ///
    /// @throws EOFException "EOF" if the plugin closed the connection before its first byte
    Answer read() throws IOException {
        int status;
        Map<String, String> headers;
        do {
            status = status(line());
            headers = headers();
        } while (status / 100 == 1);
        var body = body(headers);
        reusable &= !"close".equalsIgnoreCase(headers.get("connection"));
        boolean zipped = "gzip".equalsIgnoreCase(headers.get("content-encoding"));
        return new Answer(status, new String(zipped ? unzipped(body) : body, UTF_8));
    }

    private static int status(String line) throws IOException {
        var words = line.split(" ", 3);
        try {
            if (words.length >= 2 && words[0].startsWith("HTTP/1.")) {
                return Integer.parseInt(words[1]);
            }
        } catch (NumberFormatException notANumber) {
            throw new IOException("malformed HTTP status code \"" + words[1] + "\"", notANumber);
        }
        throw new IOException("malformed HTTP response \"" + line + "\"");
    }

    /// Names in lower case.
    private Map<String, String> headers() throws IOException {
        var headers = new HashMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("malformed MIME header line: " + line);
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return chunks();
        }
        var length = headers.get("content-length");
        if (length == null) {
            reusable = false;
            return in.readNBytes(LONGEST_BODY);
        }
        return exactly(number(length, 10));
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.writeBytes(exactly(size));
            line();
        }
        headers();
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        return number(line().split(";", 2)[0].strip(), HEXADECIMAL);
    }

    private static int number(String text, int radix) throws IOException {
        try {
            int number = Integer.parseInt(text, radix);
            if (number >= 0 && number <= LONGEST_BODY) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw new IOException("malformed length \"" + text + "\" in the answer", notANumber);
        }
        throw new IOException("an answer of " + text + " bytes is too long");
    }

    private byte[] exactly(int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("unexpected EOF");
        }
        return bytes;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException(line.isEmpty() ? "EOF" : "unexpected EOF");
            }
            if (line.length() == LONGEST_LINE) {
                throw new IOException("a line of the answer's head is too long");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    private static byte[] unzipped(byte[] body) throws IOException {
        try (var unzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return unzip.readNBytes(LONGEST_BODY);
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            reusable = false;
        }
    }
}
