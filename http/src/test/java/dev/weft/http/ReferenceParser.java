package dev.weft.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// All requests in the bytes of a connection, by RFC 9112 at its strictest; slow, and after the first that is wrong it
/// ends.
final class ReferenceParser {
    /// @param sure    so many of the requests must be taken; one with chunk extensions or trailers may be refused, for
    ///                nothing of these is checked here
    /// @param refused the request behind the last one is wrong, and not just incomplete
    record Outcome(List<HttpRequest> requests, int sure, boolean refused) {}

    private static final Pattern FIRST_LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+) (/[\\x21-\\x7e]*) (HTTP/1\\.[01])");
    private static final Pattern HEADER =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*((?:[\\x21-\\x7e\\x80-\\xff\\t ]*[^\\t ])?)[ \\t]*");
    private static final Pattern ALLOWED = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]+)([\\t ]*;.*)?", Pattern.DOTALL);
    private static final BigInteger LARGEST_BODY = BigInteger.valueOf(HttpLimits.DEFAULT.bodyBytes());

    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;
    }

    private static final class Incomplete extends Exception {
        private static final long serialVersionUID = 1;
    }

    private record Header(String name, String value) {}

    private final String bytes;
    private int at;
    private boolean unsure;

    private ReferenceParser(byte[] bytes) {
        this.bytes = new String(bytes, ISO_8859_1);
    }

    static Outcome parse(byte[] bytes) {
        return new ReferenceParser(bytes).all();
    }

    private Outcome all() {
        var requests = new ArrayList<HttpRequest>();
        int sure = 0;
        boolean last = false;
        while (!last) {
            try {
                last = readOne(requests);
                sure = unsure ? sure : requests.size();
            } catch (Wrong wrong) {
                return new Outcome(requests, sure, !unsure);
            } catch (Incomplete end) {
                return new Outcome(requests, sure, false);
            }
        }
        return new Outcome(requests, sure, false);
    }

    /// @return whether no request follows
    private boolean readOne(List<HttpRequest> requests) throws Wrong, Incomplete {
        while (bytes.startsWith("\r\n", at)) {
            at += 2;
        }
        var lines = upTo("\r\n\r\n").split("\r\n", -1);
        var first = match(FIRST_LINE, lines[0]);
        boolean old = first.group(3).equals("HTTP/1.0");
        var headers = new ArrayList<Header>();
        for (int i = 1; i < lines.length; i++) {
            require(ALLOWED.matcher(lines[i]).matches());
            var header = match(HEADER, lines[i]);
            headers.add(new Header(header.group(1), header.group(2)));
        }
        require(values(headers, "Host").size() <= 1);
        var body = body(values(headers, "Content-Length"), values(headers, "Transfer-Encoding"), old);
        requests.add(new HttpRequest(first.group(1), first.group(2), utf8(body)));
        return old
                || values(headers, "Connection").stream()
                        .flatMap(value -> Stream.of(value.split(",")))
                        .anyMatch(option -> option.strip().equalsIgnoreCase("close"));
    }

    private String body(List<String> lengths, List<String> codings, boolean old) throws Wrong, Incomplete {
        require(lengths.size() + codings.size() <= 1);
        if (!lengths.isEmpty()) {
            require(lengths.getFirst().matches("[0-9]+"));
            return take(size(lengths.getFirst(), 10));
        }
        if (codings.isEmpty()) {
            return "";
        }
        require(codings.getFirst().equalsIgnoreCase("chunked") && !old);
        var body = new StringBuilder();
        while (true) {
            var chunk = match(CHUNK, upTo("\r\n"));
            unsure |= chunk.group(2) != null;
            int size = size(chunk.group(1), 16);
            if (size == 0) {
                break;
            }
            body.append(take(size));
            require(body.length() <= HttpLimits.DEFAULT.bodyBytes());
            require(take(2).equals("\r\n"));
        }
        if (bytes.startsWith("\r\n", at)) {
            at += 2;
        } else {
            unsure = true;
            upTo("\r\n\r\n");
        }
        return body.toString();
    }

    private static List<String> values(List<Header> headers, String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }

    private static int size(String digits, int radix) throws Wrong {
        var size = new BigInteger(digits, radix);
        require(size.compareTo(LARGEST_BODY) <= 0);
        return size.intValueExact();
    }

    private static void require(boolean right) throws Wrong {
        if (!right) {
            throw new Wrong();
        }
    }

    private static Matcher match(Pattern pattern, String text) throws Wrong {
        var matcher = pattern.matcher(text);
        require(matcher.matches());
        return matcher;
    }

    private String upTo(String end) throws Incomplete {
        int found = bytes.indexOf(end, at);
        if (found < 0) {
            throw new Incomplete();
        }
        var text = bytes.substring(at, found);
        at = found + end.length();
        return text;
    }

    private String take(int length) throws Incomplete {
        if (bytes.length() - at < length) {
            throw new Incomplete();
        }
        at += length;
        return bytes.substring(at - length, at);
    }

    private static String utf8(String body) throws Wrong {
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(body.getBytes(ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException not) {
            throw new Wrong();
        }
    }
}
