package dev.weft.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Damaged requests; what the handler sees of them is what [ReferenceParser] sees. A failure prints the input and the
/// seed: with `-Dweft.seed=` of it, that input comes first.
@DisplayNameGeneration(ReplaceUnderscores.class)
class HttpFuzzTest {
    private static final Duration TIME = Duration.ofSeconds(Boolean.getBoolean("weft.long") ? 60 : 5);
    /// Less than one head may have, so that no limit is met.
    private static final int LARGEST = 4000;

    /// As engines send them, from plugin/src/test/resources/recordings, and the same in other forms of HTTP.
    private static final List<String> REQUESTS = List.of(
            "POST /Plugin.Activate HTTP/1.1\r\nHost: \r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: 0\r\n"
                    + "Accept: application/vnd.docker.plugins.v1.2+json\r\n\r\n",
            post(
                    "/NetworkDriver.CreateNetwork",
                    "{\"NetworkID\":\"3a698f560ee428cd3858c05d55fa223eb7b3ae63f39653e7332dad7953aaee0e\",\"Options\":"
                            + "{\"com.docker.network.enable_ipv4\":true,\"com.docker.network.enable_ipv6\":false,"
                            + "\"com.docker.network.generic\":{\"k\":\"v=w\",\"é\":\"ü\"}},\"IPv4Data\":[{"
                            + "\"AddressSpace\":\"LocalDefault\",\"Gateway\":\"10.58.0.1/24\","
                            + "\"Pool\":\"10.58.0.0/24\"}],\"IPv6Data\":[]}\n"),
            post(
                    "/NetworkDriver.DeleteNetwork",
                    "{\"NetworkID\":\"dd8080a4a1e049c6b43bf69e3b0cb18518f6983b4c320ab7e3175f12b2ea7915\"}\n"),
            "POST /IpamDriver.ReleasePool HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "b\r\n{\"PoolID\":\"\r\n5;a=\"b\"\r\nweft\"\r\n2\r\n}\n\r\n0\r\nA: b\r\n\r\n",
            "POST /IpamDriver.ReleasePool HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n0\r\n\r\n",
            "POST /NetworkDriver.Leave HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n{}\n",
            "POST /NetworkDriver.Leave HTTP/1.1\r\nConnection: close\r\nContent-Length: 3\r\n\r\n{}\n",
            "POST /NetworkDriver.Leave HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\n{}\n",
            "HEAD /metrics?a=b HTTP/1.1\r\nHost: plugin.moby.localhost\r\n\r\n");

    private static final List<String> PIECES = List.of(
            "\r",
            "\n",
            "\r\n",
            "\0",
            " ",
            "\t",
            ":",
            ",",
            "0",
            "\r\n\r\n",
            "\r\n ",
            "0\r\n\r\n",
            "Content-Length: 3\r\n",
            "\r\nContent-Length: 5",
            "Transfer-Encoding: chunked\r\n",
            "\r\nTransfer-Encoding: chunked",
            "Host: y\r\n",
            "GET /smuggled HTTP/1.1\r\n\r\n");

    private static final Pattern ANSWERS = Pattern.compile("(HTTP/1.1 100 Continue\r\n\r\n"
            + "|HTTP/1.1 200 OK\r\ncontent-length: 0\r\n(connection: close\r\n)?\r\n)*"
            + "(HTTP/1.1 4\\d\\d [A-Za-z -]+\r\ncontent-length: \\d+\r\ncontent-type: text/plain; charset=utf-8\r\n"
            + "connection: close\r\n\r\ncannot take the request: [^\n]+\\.\n)?");

    private final long seed = Long.getLong("weft.seed", System.nanoTime());
    private final List<HttpRequest> calls = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: plugin.moby.localhost\r\nUser-Agent: Go-http-client/1.1\r\n"
                + "Content-Length: " + body.getBytes(UTF_8).length + "\r\n"
                + "Accept: application/vnd.docker.plugins.v1.2+json\r\n\r\n" + body;
    }

    @Test
    @Timeout(300)
    void damaged_requests_are_refused_or_mean_what_the_reference_says() throws IOException {
        System.out.println("HttpFuzzTest: seed " + seed);
        var socket = folder.resolve("http.sock");
        long end = System.nanoTime() + TIME.toNanos();
        HttpHandler record = request -> {
            calls.add(request);
            return new HttpResponse(200, "", "");
        };
        int called = 0;
        int round = 0;
        try (var _ = HttpServer.listen(socket, record)) {
            for (; round == 0 || System.nanoTime() < end; round++) {
                var random = new Random(seed + round);
                var input = damaged(random);
                calls.clear();
                var answers = exchange(socket, input, random);
                check(answers, input, seed + round);
                called += calls.size();
            }
        }
        System.out.println("HttpFuzzTest: " + round + " inputs, " + called + " requests taken");
    }

    private void check(String answers, byte[] input, long seedOfInput) {
        var expected = ReferenceParser.parse(input);
        var what = "-Dweft.seed=" + seedOfInput + ", input:\n" + escaped(new String(input, ISO_8859_1)) + "\n";
        assertThat(calls)
                .as(what)
                .isEqualTo(expected.requests()
                        .subList(0, Math.min(calls.size(), expected.requests().size())));
        assertThat(calls.size()).as(what).isGreaterThanOrEqualTo(expected.sure());
        assertThat(answers).as(what).matches(ANSWERS);
        assertThat(answers.split("HTTP/1.1 200 OK", -1)).as(what).hasSize(calls.size() + 1);
        if (expected.refused()) {
            assertThat(answers).as(what).contains("HTTP/1.1 4");
        }
        for (var call : calls) {
            assertThat(call.method() + call.path()).as(what).matches("[\\x21-\\x7e]+");
        }
    }

    /// All that the server answers until it closes.
    private static String exchange(Path socket, byte[] input, Random random) throws IOException {
        try (var client = new RawClient(socket)) {
            try {
                for (int at = 0; at < input.length; ) {
                    int next = Math.min(input.length, at + 1 + random.nextInt(random.nextBoolean() ? LARGEST : 50));
                    client.send(Arrays.copyOfRange(input, at, next));
                    at = next;
                }
                client.finish();
            } catch (IOException closed) {
                // behind an answer that said so
            }
            return client.rest();
        }
    }

    private static byte[] damaged(Random random) {
        var bytes = new StringBuilder();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            bytes.append(request(random));
        }
        for (int count = random.nextInt(6); count > 0; count--) {
            damage(bytes, random);
        }
        bytes.setLength(Math.min(bytes.length(), LARGEST));
        return bytes.toString().getBytes(ISO_8859_1);
    }

    /// One character for each byte.
    private static String request(Random random) {
        var request = REQUESTS.get(random.nextInt(REQUESTS.size()));
        return new String(request.getBytes(UTF_8), ISO_8859_1);
    }

    private static void damage(StringBuilder bytes, Random random) {
        int at = random.nextInt(bytes.length() + 1);
        int end = Math.min(bytes.length(), at + random.nextInt(random.nextBoolean() ? 4 : 100));
        switch (random.nextInt(6)) {
            case 0 -> {
                if (at < bytes.length()) {
                    bytes.setCharAt(at, (char) (bytes.charAt(at) ^ 1 << random.nextInt(8)));
                }
            }
            case 1 -> bytes.delete(at, end);
            case 2 -> bytes.insert(at, bytes.substring(at, end));
            case 3 -> {
                var other = request(random);
                int from = random.nextInt(other.length());
                bytes.replace(at, end, other.substring(from, from + random.nextInt(other.length() - from)));
            }
            case 4 -> bytes.insert(at, PIECES.get(random.nextInt(PIECES.size())));
            // at the end of a line, where it hurts most
            default -> {
                int line = bytes.indexOf("\r\n", at);
                bytes.insert(Math.max(line, 0), PIECES.get(random.nextInt(PIECES.size())));
            }
        }
    }

    private static String escaped(String text) {
        var escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            switch (c) {
                case '\r' -> escaped.append("\\r");
                case '\n' -> escaped.append("\\n\n");
                case '\\' -> escaped.append("\\\\");
                default -> escaped.append(c >= ' ' && c < 0x7f ? String.valueOf(c) : "\\x%02x".formatted((int) c));
            }
        }
        return escaped.toString();
    }
}
