package dev.weft.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// What a client can send that is no plain request: each is refused with a sentence or understood in one way only, and
/// the next client does not notice.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class HttpEdgeTest {
    private static final String NO_HTTP = "400 cannot take the request: this is not a request of HTTP/1.1.\n";
    private static final String CONTROL =
            "400 cannot take the request: there is a control character before its body.\n";
    private static final String SPACE = "400 cannot take the request: a line before its body begins with a space.\n";
    private static final String BARE_LF =
            "400 cannot take the request: a line before its body ends without a carriage return.\n";
    private static final String PATH = "400 cannot take the request: its path does not begin with '/'.\n";
    private static final String ENCODED =
            "400 cannot take the request: its path has characters that must be percent-encoded.\n";
    private static final String CODING =
            "400 cannot take the request: its Transfer-Encoding is another than chunked.\n";
    private static final String CHUNKS = "400 cannot take the request: its body is not chunked as it should be.\n";
    private static final String LENGTHS = "400 cannot take the request: it has more than one Content-Length.\n";
    private static final String NO_LENGTH = "400 cannot take the request: it has a body without Content-Length.\n";
    private static final String HOSTS = "400 cannot take the request: it has more than one Host.\n";
    private static final String NOT_UTF_8 = "400 cannot take the request: the body is not UTF-8.\n";
    private static final String TOO_LARGE = "413 cannot take the request: the body has more than 1048576 bytes.\n";
    private static final String LONG_LINE = "414 cannot take the request: the request's first line is too long.\n";
    private static final String LONG_HEAD = "431 cannot take the request: the request's headers are too long.\n";
    /// Sent behind every refused request: never to be taken for one.
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(200);
    /// Long enough for a request to arrive on a machine that has other work.
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(3);

    private record Refused(String name, String bytes, String answer) {
        @Override
        public String toString() {
            return name;
        }
    }

    private record Understood(String name, String bytes, List<String> requests) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Refused refused(String name, String bytes, String answer) {
        return new Refused(name, bytes, answer);
    }

    private static Refused refusedHeader(String name, String headers, String answer) {
        return new Refused(name, "POST /a HTTP/1.1\r\n" + headers + "\r\n\r\n", answer);
    }

    private static Refused refusedChunks(String name, String chunks) {
        return new Refused(name, "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, CHUNKS);
    }

    private static Understood understood(String name, String bytes, String... requests) {
        return new Understood(name, bytes, List.of(requests));
    }

    static final List<Refused> REFUSED = List.of(
            refusedHeader("length and chunked", "Content-Length: 4\r\nTransfer-Encoding: chunked", NO_HTTP),
            refusedHeader("chunked and length", "Transfer-Encoding: chunked\r\nContent-Length: 4", NO_HTTP),
            refusedHeader("two lengths", "Content-Length: 1\r\nContent-Length: 50", LENGTHS),
            refusedHeader("two equal lengths", "Content-Length: 1\r\ncontent-length: 1", LENGTHS),
            refused(
                    "two lengths in HTTP/1.0",
                    "POST /a HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 0\r\nContent-Length: 50\r\n\r\n",
                    LENGTHS),
            refusedHeader("a list of lengths", "Content-Length: 1, 1", NO_HTTP),
            refusedHeader("a length of letters", "Content-Length: x", NO_HTTP),
            refusedHeader("a hexadecimal length", "Content-Length: 0x10", NO_HTTP),
            refusedHeader("a negative length", "Content-Length: -1", NO_HTTP),
            refusedHeader("a length with a plus", "Content-Length: +1", NO_HTTP),
            refusedHeader("an empty length", "Content-Length:", NO_HTTP),
            refusedHeader("a length beyond 64 bits", "Content-Length: 18446744073709551617", NO_HTTP),
            refusedHeader("a length of 64 bits", "Content-Length: 9223372036854775807", TOO_LARGE),
            refusedHeader("xchunked", "Transfer-Encoding: xchunked", NO_HTTP),
            refusedHeader("identity", "Transfer-Encoding: identity", NO_HTTP),
            refusedHeader("chunked and compressed", "Transfer-Encoding: gzip, chunked", CODING),
            refusedHeader("compressed and chunked", "Transfer-Encoding: chunked, gzip", NO_HTTP),
            refusedHeader("two codings", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", CODING),
            refusedHeader("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", NO_HTTP),
            refusedHeader("chunked with a tab of another kind", "Transfer-Encoding:\u000bchunked", CONTROL),
            refused("chunked in HTTP/1.0", "POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", NO_HTTP),
            refusedChunks("a chunk size of letters", "x\r\n"),
            refusedChunks("a negative chunk size", "-1\r\n"),
            refusedChunks("a chunk size with 0x", "0x3\r\nabc\r\n0\r\n\r\n"),
            refusedChunks("an empty chunk size", "\r\nabc\r\n0\r\n\r\n"),
            refusedChunks("a chunk size beyond 64 bits", "10000000000000003\r\nabc\r\n0\r\n\r\n"),
            refusedChunks("a chunk size beyond 4096 digits", "0".repeat(5000) + "3\r\nabc\r\n0\r\n\r\n"),
            refusedChunks("a chunk that is longer than its size", "3\r\nabcd\r\n0\r\n\r\n"),
            refusedChunks("a chunk size that ends with a bare LF", "3\nabc\r\n0\r\n\r\n"),
            refusedChunks("a chunk that ends with a bare LF", "3\r\nabc\n0\r\n\r\n"),
            refusedChunks("a bare LF in an extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"),
            refusedChunks("a space behind a chunk size", "3 \r\nabc\r\n0\r\n\r\n"),
            refusedChunks("a trailer without colon", "0\r\nabc\r\n\r\n"),
            refusedHeader("a space before the colon", "Content-Length : 4", NO_HTTP),
            refusedHeader("a tab before the colon", "Transfer-Encoding\t: chunked", NO_HTTP),
            refusedHeader("a header without colon", "Content-Length 4", NO_HTTP),
            refusedHeader("a header without name", ": 4", NO_HTTP),
            refusedHeader("a folded header", "A: b\r\n Content-Length: 4", SPACE),
            refusedHeader("a folded header with a tab", "Transfer-Encoding:\r\n\tchunked", SPACE),
            refusedHeader("a folded first header", " A: b", SPACE),
            refusedHeader("a bare LF behind a header", "A: b\nContent-Length: 4", BARE_LF),
            refused("bare LFs only", "POST /a HTTP/1.1\nContent-Length: 0\n\n", BARE_LF),
            refused("a bare LF before the request", "\nPOST /a HTTP/1.1\r\n\r\n", BARE_LF),
            refusedHeader("a bare CR in a header", "A: b\rContent-Length: 4", CONTROL),
            refusedHeader("a CR too many", "A: b\r", CONTROL),
            refusedHeader("NUL in a value", "A: b\0c", CONTROL),
            refusedHeader("NUL in a name", "Content-Length\0: 4", CONTROL),
            refusedHeader("DEL in a value", "A: \u007f", CONTROL),
            refusedHeader("two hosts", "Host: a\r\nHost: b", HOSTS),
            refused(
                    "a handshake of 2010, with 8 bytes behind it",
                    "GET /a HTTP/1.1\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n12345678",
                    NO_LENGTH),
            refused("a URI", "POST http://x/Plugin.Activate HTTP/1.1\r\n\r\n", PATH),
            refused("an authority", "CONNECT x:80 HTTP/1.1\r\n\r\n", PATH),
            refused("an asterisk", "OPTIONS * HTTP/1.1\r\n\r\n", PATH),
            refused("a path beyond ASCII", "GET /é HTTP/1.1\r\n\r\n", ENCODED),
            refused("a path with NUL", "GET /a\0b HTTP/1.1\r\n\r\n", CONTROL),
            refused("a path with a space", "GET /a b HTTP/1.1\r\n\r\n", NO_HTTP),
            refused("a CR between method and path", "GET\r/a HTTP/1.1\r\n\r\n", CONTROL),
            refused("a method that is no token", "GE(T /a HTTP/1.1\r\n\r\n", NO_HTTP),
            refused("two spaces behind the method", "GET  /a HTTP/1.1\r\n\r\n", NO_HTTP),
            refused("a tab behind the path", "GET /a\tHTTP/1.1\r\n\r\n", NO_HTTP),
            refused("a space behind the version", "GET /a HTTP/1.1 \r\n\r\n", NO_HTTP),
            refused("a space before the method", " GET /a HTTP/1.1\r\n\r\n", SPACE),
            refused("HTTP/0.9", "GET /a\r\n", NO_HTTP),
            refused("a method only", "POST\r\n\r\n", NO_HTTP),
            refused("another protocol", "POST /a NOT-HTTP\r\n\r\n", NO_HTTP),
            refused("HTTP/1.2", "POST /a HTTP/1.2\r\n\r\n", NO_HTTP),
            refused("HTTP in small letters", "POST /a http/1.1\r\n\r\n", NO_HTTP),
            refused("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", NO_HTTP),
            refused(
                    "the beginning of TLS",
                    "\u0016\3\1\0\u00a5\1\0\0\u00a1\3\3" + "\u00e3\u0007\n".repeat(50),
                    "400 cannot take the request: it is TLS, which this socket does not speak.\n"),
            refused("garbage", "\u0001\u0002\u0003garbage\r\n\r\n", CONTROL),
            refused("garbage beyond ASCII", "\u00ff\u00fe\u00fd\r\n\r\n", NO_HTTP),
            refused("a body that is not UTF-8", "POST /a HTTP/1.1\r\nContent-Length: 1\r\n\r\n\u00e9", NOT_UTF_8),
            refused(
                    "10 MB in one body",
                    "POST /a HTTP/1.1\r\nContent-Length: 10000000\r\n\r\n" + "x".repeat(10_000_000),
                    TOO_LARGE),
            refused(
                    "10 MB in chunks",
                    "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + ("2710\r\n" + "x".repeat(10_000) + "\r\n").repeat(1_000),
                    TOO_LARGE),
            refused("a first line of 5 kB", "GET /" + "p".repeat(5_000) + " HTTP/1.1\r\n\r\n", LONG_LINE),
            refusedHeader("a header of 9 kB", "A: " + "h".repeat(9_000), LONG_HEAD),
            refusedHeader("a header of 1 MB", "A: " + "h".repeat(1_000_000), LONG_HEAD),
            refusedHeader("100,000 headers", "A: b\r\n".repeat(100_000), LONG_HEAD),
            refused(
                    "100,000 trailers",
                    "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + "A: b\r\n".repeat(100_000),
                    CHUNKS));

    static final List<Understood> UNDERSTOOD = List.of(
            understood("an empty Host, as of 20.10", "POST /a HTTP/1.1\r\nHost: \r\n\r\n", "POST /a "),
            understood("no Host", "POST /a HTTP/1.1\r\n\r\n", "POST /a "),
            understood("an unknown method", "WEFT /a HTTP/1.1\r\n\r\n", "WEFT /a "),
            understood("a query", "GET /a?b=%20c HTTP/1.1\r\n\r\n", "GET /a?b=%20c "),
            understood("a length with zeros", "POST /a HTTP/1.1\r\nContent-Length: 003\r\n\r\nabc", "POST /a abc"),
            understood("spaces around a value", "POST /a HTTP/1.1\r\nContent-Length: \t3 \t\r\n\r\nabc", "POST /a abc"),
            understood("a body of GET", "GET /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "GET /a abc"),
            understood("empty lines before a request", "\r\n\r\nPOST /a HTTP/1.1\r\n\r\n", "POST /a "),
            understood(
                    "empty lines between requests",
                    "POST /a HTTP/1.1\r\nContent-Length: 1\r\n\r\n1\r\n\r\nPOST /b HTTP/1.1\r\n\r\n",
                    "POST /a 1",
                    "POST /b "),
            understood(
                    "what looks like a request in a body",
                    "POST /a HTTP/1.1\r\nContent-Length: " + SMUGGLED.length() + "\r\n\r\n" + SMUGGLED,
                    "POST /a " + SMUGGLED),
            understood(
                    "control characters in a body",
                    "POST /a HTTP/1.1\r\nContent-Length: 6\r\n\r\n \n\0\r\u0001\t",
                    "POST /a  \n\0\r\u0001\t"),
            understood(
                    "chunks with extensions and trailers",
                    "POST /a HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n3;a=b\r\nabc\r\n0A\r\n0123456789\r\n"
                            + "000\r\nContent-Length: 70\r\nA: b\r\n\r\nPOST /b HTTP/1.1\r\n\r\n",
                    "POST /a abc0123456789",
                    "POST /b "),
            understood(
                    "two keys of a handshake, and a length",
                    "GET /a HTTP/1.1\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\nContent-Length: 1\r\n\r\nx",
                    "GET /a x"));

    private static final List<String> CALLS = new CopyOnWriteArrayList<>();

    private static final HttpHandler RECORD = request -> {
        var call = request.method() + " " + request.path() + " " + request.body();
        CALLS.add(call);
        return new HttpResponse(200, "text/plain", call);
    };

    @TempDir
    private static Path folder;

    private static HttpServer server;

    @BeforeAll
    static void listen() throws IOException {
        server = HttpServer.listen(socket(), RECORD);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @BeforeEach
    void forget() {
        CALLS.clear();
    }

    private static Path socket() {
        return folder.resolve("http.sock");
    }

    private static void answersTheNext() throws IOException {
        CALLS.clear();
        try (var client = new RawClient(socket())) {
            assertThat(client.send("GET /next HTTP/1.1\r\n\r\n").answer()).isEqualTo("200 GET /next ");
        }
        assertThat(CALLS).containsExactly("GET /next ");
    }

    @ParameterizedTest
    @FieldSource("REFUSED")
    void is_refused_with_a_sentence_and_nothing_behind_it_is_heard(Refused it) throws IOException {
        try (var client = new RawClient(socket())) {
            client.send((it.bytes() + SMUGGLED).getBytes(ISO_8859_1));
            assertThat(client.answer()).isEqualTo(it.answer());
            assertThat(client.isAtEnd()).isTrue();
        }
        assertThat(CALLS).isEmpty();
        answersTheNext();
    }

    @ParameterizedTest
    @FieldSource("REFUSED")
    void is_refused_behind_a_good_request_as_well(Refused it) throws IOException {
        try (var client = new RawClient(socket())) {
            client.send(("GET /good HTTP/1.1\r\n\r\n" + it.bytes() + SMUGGLED).getBytes(ISO_8859_1));
            assertThat(client.answer()).isEqualTo("200 GET /good ");
            assertThat(client.answer()).isEqualTo(it.answer());
            assertThat(client.isAtEnd()).isTrue();
        }
        assertThat(CALLS).containsExactly("GET /good ");
    }

    @ParameterizedTest
    @FieldSource("UNDERSTOOD")
    void is_understood_in_one_way(Understood it) throws IOException {
        try (var client = new RawClient(socket())) {
            client.send(it.bytes().getBytes(ISO_8859_1));
            for (var request : it.requests()) {
                assertThat(client.answer()).isEqualTo("200 " + request);
            }
            assertThat(client.send("GET /same HTTP/1.1\r\n\r\n").answer()).isEqualTo("200 GET /same ");
        }
        assertThat(CALLS)
                .containsExactlyElementsOf(Stream.concat(it.requests().stream(), Stream.of("GET /same "))
                        .toList());
    }

    @ParameterizedTest
    @FieldSource("UNDERSTOOD")
    void is_understood_in_the_same_way_byte_by_byte(Understood it) throws IOException {
        try (var client = new RawClient(socket())) {
            for (byte next : it.bytes().getBytes(ISO_8859_1)) {
                client.send(new byte[] {next});
            }
            for (var request : it.requests()) {
                assertThat(client.answer()).isEqualTo("200 " + request);
            }
        }
        assertThat(CALLS).containsExactlyElementsOf(it.requests());
    }

    @Test
    void a_client_of_HTTP_1_0_is_answered_once_and_told_so_whatever_it_asks_for() throws IOException {
        for (var connection : List.of("", "Connection: keep-alive\r\n")) {
            CALLS.clear();
            try (var client = new RawClient(socket())) {
                client.send("POST /a HTTP/1.0\r\n" + connection + "Content-Length: 1\r\n\r\n1" + SMUGGLED);
                assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
                assertThat(client.line()).isEqualTo("content-length: 9");
                assertThat(client.line()).isEqualTo("content-type: text/plain");
                assertThat(client.line()).isEqualTo("connection: close");
                assertThat(client.line()).isEmpty();
                assertThatThrownBy(client::line).hasMessage("closed after 'POST /a 1'");
            }
            assertThat(CALLS).containsExactly("POST /a 1");
        }
    }

    @Test
    void an_answer_to_HEAD_has_the_length_of_the_body_and_no_body() throws IOException {
        try (var client = new RawClient(socket())) {
            client.send("HEAD /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
            assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(client.line()).isEqualTo("content-length: 8");
            assertThat(client.line()).isEqualTo("content-type: text/plain");
            assertThat(client.line()).isEmpty();
            assertThat(client.answer()).isEqualTo("200 GET /b ");
        }
    }

    @Test
    void a_client_that_sends_no_more_still_gets_its_answers() throws IOException {
        try (var client = new RawClient(socket())) {
            client.send("GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n").finish();
            assertThat(client.answer()).isEqualTo("200 GET /a ");
            assertThat(client.answer()).isEqualTo("200 GET /b ");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @FieldSource("BEGINNINGS")
    void a_client_that_stops_within_a_request_is_disconnected_and_its_request_not_heard(String beginning)
            throws IOException {
        try (var client = new RawClient(socket())) {
            client.send(beginning).finish();
            assertThat(client.isAtEnd()).isTrue();
        }
        assertThat(CALLS).isEmpty();
        answersTheNext();
    }

    static final List<String> BEGINNINGS = List.of(
            "",
            "\r",
            "POST / HT",
            "POST / HTTP/1.1\r\nContent-Le",
            "POST / HTTP/1.1\r\nContent-Length: 5\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcd",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n");

    @Test
    void two_hundred_clients_are_served_side_by_side() throws IOException {
        var clients = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 200; i++) {
                clients.add(new RawClient(socket()).send("GET /" + i + " HTTP/1.1\r\n"));
            }
            for (var client : clients) {
                client.send("\r\n");
            }
            for (int i = 0; i < 200; i++) {
                assertThat(clients.get(i).answer()).isEqualTo("200 GET /" + i + " ");
            }
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
        assertThat(CALLS)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 200).mapToObj(i -> "GET /" + i + " ").toList());
    }

    /// Ends when the server closes.
    private static void drip(RawClient client, String beginning, String drop) {
        assertThatThrownBy(() -> {
                    client.send(beginning);
                    while (true) {
                        client.send(drop);
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void a_client_that_drips_empty_lines_or_a_body_is_disconnected() throws IOException {
        var slow = folder.resolve("slow.sock");
        try (var _ = HttpServer.listen(slow, RECORD, new HttpLimits(Integer.MAX_VALUE, 4, SHORT, LONG));
                var head = new RawClient(slow)) {
            drip(head, "", "\r\n");
            try (var body = new RawClient(slow)) {
                drip(body, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n");
            }
        }
        assertThat(CALLS).isEmpty();
    }

    @Test
    void a_later_request_has_no_more_time_than_the_first() throws IOException {
        var slow = folder.resolve("later.sock");
        try (var _ = HttpServer.listen(slow, RECORD, new HttpLimits(10, 4, LONG_ENOUGH, LONG));
                var stalling = new RawClient(slow);
                var dripping = new RawClient(slow)) {
            stalling.send("GET /a HTTP/1.1\r\n\r\n").answer();
            dripping.send("GET /b HTTP/1.1\r\n\r\n").answer();
            stalling.send("GET /a HT");
            drip(dripping, "", "\r\n");
            assertThat(stalling.isAtEnd()).isTrue();
        }
        assertThat(CALLS).containsExactly("GET /a ", "GET /b ");
    }
}
