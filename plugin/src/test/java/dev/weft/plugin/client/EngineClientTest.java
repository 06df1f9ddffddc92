package dev.weft.plugin.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.json.JsonObject;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.client.CallFailed.Kind;
import dev.weft.plugin.client.PluginAddress.Tcp;
import dev.weft.plugin.client.PluginAddress.Unix;
import dev.weft.plugin.wire.Call;
import dev.weft.plugin.wire.Protocol;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class EngineClientTest {
    private static final String ANY_ANSWER = "{\"Implements\":[\"NetworkDriver\"],\"Scope\":\"local\","
            + "\"LocalDefaultAddressSpace\":\"l\",\"GlobalDefaultAddressSpace\":\"g\",\"PoolID\":\"p\","
            + "\"Pool\":\"10.0.0.0/24\",\"Address\":\"10.0.0.2/24\"}";
    private static final EndpointKey ENDPOINT = new EndpointKey("n", "e");
    private static final JoinRequest JOIN = new JoinRequest(ENDPOINT, "/s", EndpointOptions.NONE);
    private static final String JOIN_BODY =
            "{\"NetworkID\":\"n\",\"EndpointID\":\"e\",\"SandboxKey\":\"/s\",\"Options\":"
                    + "{\"com.docker.network.endpoint.exposedports\":[],\"com.docker.network.portmap\":[]}}\n";

    @TempDir
    private Path folder;

    private Path socket;
    private final List<Duration> pauses = new ArrayList<>();

    @BeforeEach
    void nameSocket() {
        socket = folder.resolve("rec.sock");
    }

    private EngineClient client(EngineVersion engine) {
        return client(engine, new Unix(socket));
    }

    private EngineClient client(EngineVersion engine, PluginAddress address) {
        return new EngineClient(engine, address, HttpExchange.to(address), pauses::add);
    }

    private RawPlugin plugin(Function<RawPlugin.Request, byte[]> answers) throws IOException {
        return RawPlugin.on(socket, answers);
    }

    private static CallFailed failure(Runnable call) {
        return catchThrowableOfType(CallFailed.class, call::run);
    }

    @ParameterizedTest
    @EnumSource(names = {"V20_10", "V28_5"})
    void every_recorded_request_is_sent_again_byte_for_byte(EngineVersion engine) throws IOException {
        int compared = 0;
        try (var plugin = plugin(_ -> RawPlugin.ok(ANY_ANSWER));
                var client = client(engine);
                var onTcp = RawPlugin.onLoopback(_ -> RawPlugin.ok(ANY_ANSWER));
                var clientOnTcp = client(engine, new Tcp("127.0.0.1", onTcp.port()))) {
            for (var recorded : RecordedBodiesTest.recorded(engine)) {
                var body = (String) recorded.get("body");
                var call = call((String) recorded.get("path"));
                var headers = (Map<?, ?>) recorded.get("headers");
                // repeats without a body and internal networks have tests of their own
                if (call.hasBody() && (body.isEmpty() || body.endsWith("\"Options\":{}}\n"))) {
                    continue;
                }
                boolean tcp = headers.containsKey("Accept-Encoding");
                send(tcp ? clientOnTcp : client, call, body);
                var head = new StringBuilder("POST " + call.path() + " HTTP/1.1\r\n");
                headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
                var expected = head.toString().replaceAll("127.0.0.1:700[12]", "127.0.0.1:" + onTcp.port());
                assertThat((tcp ? onTcp : plugin).requests.getLast().bytes())
                        .isEqualTo(expected + "\r\n" + chars(body));
                compared++;
            }
            assertThat(onTcp.requests).isNotEmpty();
        }
        assertThat(compared).isGreaterThan(70);
    }

    /// One for each byte.
    private static String chars(String body) {
        return new String(body.getBytes(UTF_8), ISO_8859_1);
    }

    private static Call<?, ?> call(String path) {
        return Protocol.CALLS.stream()
                .filter(call -> call.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static <Q> void send(EngineClient client, Call<Q, ?> call, String body) {
        var none = new JsonObject("the call", "", Map.of());
        client.call(
                call, call.hasBody() ? call.read(body) : call.request().read().apply(none));
    }

    @Test
    void endpoints_of_internal_networks_are_created_without_ports() throws IOException {
        try (var plugin = plugin(_ -> RawPlugin.ok("{}"));
                var client = client(EngineVersion.V28_5)) {
            client.createNetwork(new CreateNetworkRequest("n", Map.of(), true, true, false, List.of(), List.of()));
            client.createEndpoint(new CreateEndpointRequest(ENDPOINT, null, null, null, EndpointOptions.NONE));
            assertThat(plugin.requests.getLast().body())
                    .isEqualTo("{\"NetworkID\":\"n\",\"EndpointID\":\"e\",\"Interface\":{\"Address\":\"\","
                            + "\"AddressIPv6\":\"\",\"MacAddress\":\"\"},\"Options\":{}}\n");
        }
    }

    @Test
    void one_connection_is_kept_and_more_are_opened_for_parallel_calls() throws Exception {
        var both = new CyclicBarrier(2);
        try (var plugin = plugin(request -> {
                    if (request.line().contains("Join")) {
                        await(both);
                    }
                    return RawPlugin.ok("{}");
                });
                var client = client(EngineVersion.V28_5);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            client.leave(ENDPOINT);
            client.deleteEndpoint(ENDPOINT);
            assertThat(plugin.requests)
                    .extracting(RawPlugin.Request::connection)
                    .containsExactly(0, 0);
            var first = threads.submit(() -> client.join(JOIN));
            var second = threads.submit(() -> client.join(JOIN));
            first.get();
            second.get();
            assertThat(plugin.requests.subList(2, 4))
                    .extracting(RawPlugin.Request::connection)
                    .containsExactlyInAnyOrder(0, 1);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    @Test
    void a_kept_connection_that_the_plugin_closed_meanwhile_costs_nothing() throws IOException {
        try (var plugin = plugin(_ -> RawPlugin.ok("{}"));
                var client = client(EngineVersion.V28_5)) {
            plugin.hangUpAfterFirstAnswer();
            client.leave(ENDPOINT);
            plugin.awaitHangUp();
            client.deleteEndpoint(ENDPOINT);
            assertThat(plugin.requests)
                    .extracting(RawPlugin.Request::connection)
                    .containsExactly(0, 1);
            assertThat(plugin.requests.getLast().body()).isEqualTo("{\"NetworkID\":\"n\",\"EndpointID\":\"e\"}\n");
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void closing_ends_calls_in_flight_without_repeats() throws Exception {
        var asked = new CyclicBarrier(2);
        var never = new CountDownLatch(1);
        var client = client(EngineVersion.V28_5);
        try (var _ = plugin(_ -> {
                    await(asked);
                    awaitEnd(never);
                    return RawPlugin.hangUp();
                });
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> call;
            try (client) {
                call = threads.submit(() -> client.leave(ENDPOINT));
                await(asked);
            }
            assertThat(catchThrowableOfType(ExecutionException.class, call::get))
                    .hasCauseInstanceOf(IllegalStateException.class);
            assertThat(catchThrowableOfType(IllegalStateException.class, client::activate))
                    .hasMessage("the client is closed");
            never.countDown();
        }
        assertThat(pauses).isEmpty();
    }

    private static void awaitEnd(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Join; {\"Err\":5}; Err",
                "Join; {\"Gateway\":7}; Gateway",
                "Pool; {\"Error\":7}; Error",
                "Pool; {\"Pool\":7}; Pool",
                "Address; {\"Address\":7}; Address"
            })
    void an_answer_of_another_type_is_one_that_cannot_be_used(String call, String answer, String field)
            throws IOException {
        try (var _ = plugin(_ -> RawPlugin.ok(answer));
                var client = client(EngineVersion.V28_5)) {
            var failure = failure(() -> {
                switch (call) {
                    case "Join" -> client.join(JOIN);
                    case "Pool" -> client.requestPool(new PoolRequest("l", null, null, Map.of(), false));
                    default -> client.requestAddress(new AddressRequest("p", null, false, null, Map.of()));
                }
            });
            assertThat(failure.kind()).isEqualTo(Kind.UNUSABLE);
            assertThat(failure).hasMessageContaining(field);
        }
        assertThat(pauses).isEmpty();
    }

    /// Recording 20, "close".
    @ParameterizedTest
    @CsvSource({"V20_10", "V28_5"})
    void after_a_connection_that_died_the_call_is_repeated_four_times_with_an_empty_body(EngineVersion engine)
            throws IOException {
        try (var plugin = plugin(_ -> RawPlugin.hangUp());
                var client = client(engine)) {
            var failure = failure(() -> client.join(JOIN));
            var host = engine == EngineVersion.V20_10 ? socket.toString().replace("/", "%2F") : "plugin.moby.localhost";
            assertThat(failure).hasMessage("Post \"http://" + host + "/NetworkDriver.Join\": EOF");
            assertThat(failure.kind()).isEqualTo(Kind.DIED);
            assertThat(failure.status()).isZero();
            assertThat(plugin.requests).extracting(RawPlugin.Request::body).containsExactly(JOIN_BODY, "", "", "", "");
            assertThat(plugin.requests.getLast().bytes()).contains("Content-Length: 0\r\n");
        }
        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L);
    }

    /// Recording 85: what came of the call is the answer to the empty repeat.
    @Test
    void the_answer_to_a_repeat_is_the_answer() throws IOException {
        try (var plugin = plugin(request ->
                        request.body().isEmpty() ? RawPlugin.ok("{\"Err\":\"no body\"}") : RawPlugin.hangUp());
                var client = client(EngineVersion.V28_5)) {
            assertThat(failure(() -> client.join(JOIN))).hasMessage("remote: no body");
            assertThat(plugin.requests).hasSize(2);
        }
        assertThat(pauses).hasSize(1);
    }

    /// Recordings 33 and 34.
    @Test
    void a_plugin_that_is_not_there_is_tried_five_times() throws IOException {
        var url = "Post \"http://plugin.moby.localhost/NetworkDriver.Join\": dial unix " + socket + ": connect: ";
        try (var client = client(EngineVersion.V28_5)) {
            assertThat(failure(() -> client.join(JOIN))).hasMessage(url + "no such file or directory");
            assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L);
            try (var left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                left.bind(UnixDomainSocketAddress.of(socket));
            }
            var failure = failure(() -> client.join(JOIN));
            assertThat(failure).hasMessage(url + "connection refused");
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        }
    }

    /// Recording 35.
    @Test
    void a_plugin_that_comes_back_gets_the_call_with_its_body() throws IOException {
        var started = new ArrayList<RawPlugin>();
        Pauses startsAtSecond = duration -> {
            pauses.add(duration);
            if (pauses.size() == 2) {
                try {
                    started.add(plugin(_ -> RawPlugin.ok("{}")));
                } catch (IOException failure) {
                    throw new IllegalStateException(failure);
                }
            }
        };
        var address = new Unix(socket);
        try (var client = new EngineClient(EngineVersion.V28_5, address, HttpExchange.to(address), startsAtSecond)) {
            client.join(JOIN);
            assertThat(started.getFirst().requests)
                    .extracting(RawPlugin.Request::body)
                    .containsExactly(JOIN_BODY);
            started.getFirst().close();
        }
    }

    /// Recordings 17 and 20; no HTTP answer is ever repeated.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "404 Not Found|injected 404|NetworkDriver.Join: injected 404|STATUS",
                "500 Internal Server Error|injected 500|NetworkDriver.Join: injected 500|STATUS",
                "500 Internal Server Error|{\"Err\":\"injected\"}|NetworkDriver.Join: injected|STATUS",
                "200 OK|{\"Err\":\"injected\"}|remote: injected|REFUSED",
                "200 OK|<html>not json|invalid character '<' looking for beginning of value|NOT_JSON",
                "200 OK|``|EOF|NOT_JSON",
                "200 OK|{\"Gateway\":\"1.2.3\"}|unable to parse Gateway \"1.2.3\"|UNUSABLE",
            },
            delimiter = '|')
    void failures_are_said_as_the_engine_says_them(String status, String body, String message, Kind kind)
            throws IOException {
        try (var plugin = plugin(_ -> RawPlugin.answer(status, "", body.getBytes(UTF_8)));
                var client = client(EngineVersion.V28_5)) {
            var failure = failure(() -> client.join(JOIN));
            assertThat(failure).hasMessage(message);
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
            assertThat(failure.body()).isEqualTo(body);
            assertThat(plugin.requests).hasSize(1);
        }
        assertThat(pauses).isEmpty();
    }

    /// Recordings 17 and 80.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "V20_10|invalid CIDR address: |No address returned",
                "V28_5|netip.ParsePrefix(\"\"): no '/'|no address returned"
            },
            delimiter = '|')
    void of_IPAM_calls_Err_is_not_read_but_Error_is(EngineVersion engine, String noPool, String noAddress)
            throws IOException {
        var pool = new PoolRequest("l", null, null, Map.of(), false);
        var address = new AddressRequest("p", null, false, null, Map.of());
        try (var plugin = plugin(request -> RawPlugin.ok(
                        request.line().contains("ReleasePool") ? "{\"Error\":\"boom\"}" : "{\"Err\":\"boom\"}"));
                var client = client(engine)) {
            assertThat(failure(() -> client.requestPool(pool)).getMessage().strip())
                    .isEqualTo(noPool.strip());
            assertThat(failure(() -> client.requestAddress(address))).hasMessage(noAddress);
            assertThat(failure(() -> client.releasePool("p"))).hasMessage("remote: boom");
            assertThat(plugin.requests).hasSize(3);
        }
    }

    /// Recording 37: an Err of Activate is not read; nothing is implemented.
    @Test
    void an_Err_of_Activate_means_no_roles() throws IOException {
        try (var _ = plugin(_ -> RawPlugin.ok("{\"Err\":\"boom\"}"));
                var client = client(EngineVersion.V28_5)) {
            assertThat(client.activate()).isEmpty();
        }
    }

    @Test
    void zipped_and_chunked_answers_and_those_without_length_are_read() throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(zipped)) {
            zip.write("{\"Implements\":[\"zipped\"]}".getBytes(UTF_8));
        }
        var answers = List.of(
                RawPlugin.answer("200 OK", "Content-Encoding: gzip\r\n", zipped.toByteArray()),
                ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "10\r\n{\"Implements\":[\"\r\n9;x=y\r\nchunked\"]\r\n1\r\n}\r\n0\r\nTrailer: t\r\n\r\n")
                        .getBytes(UTF_8),
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 25\r\n\r\n{\"Implements\":[\"closed\"]}"
                        .getBytes(UTF_8));
        var asked = new ArrayList<RawPlugin.Request>();
        try (var plugin = RawPlugin.onLoopback(request -> {
                    asked.add(request);
                    return answers.get(asked.size() - 1);
                });
                var client = client(EngineVersion.V28_5, new Tcp("127.0.0.1", plugin.port()))) {
            assertThat(client.activate()).containsExactly("zipped");
            assertThat(client.activate()).containsExactly("chunked");
            assertThat(client.activate()).containsExactly("closed");
        }
    }

    @Test
    void an_answer_that_is_cut_off_counts_as_a_connection_that_died() throws IOException {
        try (var plugin = RawPlugin.on(
                        socket,
                        request -> request.connection() == 0
                                ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{".getBytes(UTF_8)
                                : RawPlugin.ok("{}"));
                var client = client(EngineVersion.V28_5)) {
            plugin.hangUpAfterFirstAnswer();
            client.leave(ENDPOINT);
            assertThat(plugin.requests)
                    .extracting(RawPlugin.Request::body)
                    .containsExactly("{\"NetworkID\":\"n\",\"EndpointID\":\"e\"}\n", "");
        }
    }

    @Test
    void a_plugin_without_a_file_is_looked_for_five_times() throws IOException {
        var folders = new PluginFolders(folder, List.of());
        var failure = failure(() -> EngineClient.discover(EngineVersion.V28_5, "rec", folders, pauses::add));
        assertThat(failure).hasMessage("plugin \"rec\" not found");
        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L);
        Files.writeString(folder.resolve("other.spec"), "unix:///x");
        try (var _ = plugin(_ -> RawPlugin.ok(ANY_ANSWER));
                var client = EngineClient.discover(EngineVersion.V28_5, "rec", folders, pauses::add)) {
            assertThat(client.activate()).containsExactly("NetworkDriver");
        }
    }
}
