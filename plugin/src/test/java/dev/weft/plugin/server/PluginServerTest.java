package dev.weft.plugin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.http.HttpClient;
import dev.weft.http.HttpResponse;
import dev.weft.plugin.*;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class PluginServerTest {
    private static final String JOIN = "{\"NetworkID\":\"n\",\"EndpointID\":\"e\",\"SandboxKey\":\"/s\"}\n";
    private static final String NO_BODY = "the call came without a body, as engines repeat a call that the plugin left "
            + "unanswered. Run the docker command again.";

    @TempDir
    private Path folder;

    private Path socket;

    @AutoClose
    private HttpClient client;

    @BeforeEach
    void makeClient() {
        socket = folder.resolve("rec.sock");
        client = new HttpClient(socket);
    }

    private HttpResponse post(String call, String body) throws IOException {
        return client.request("POST", call, body, Duration.ofMinutes(1));
    }

    private static HttpResponse answer(int status, String body) {
        return new HttpResponse(status, "application/vnd.docker.plugins.v1.2+json", body);
    }

    /// With both keys, since network and IPAM errors are read from different ones (facts 1.7).
    private static HttpResponse error(int status, String sentence) {
        return answer(status, "{\"Err\":\"" + sentence + "\",\"Error\":\"" + sentence + "\"}");
    }

    @Test
    void activation_tells_what_the_plugin_is() throws IOException {
        try (var _ = PluginServer.start(socket, new RecordingDriver())) {
            assertThat(post("/Plugin.Activate", "")).isEqualTo(answer(200, "{\"Implements\":[\"NetworkDriver\"]}"));
            assertThat(post("/NetworkDriver.GetCapabilities", "").body())
                    .isIn(
                            "{\"Scope\":\"local\",\"ConnectivityScope\":\"local\"}",
                            "{\"ConnectivityScope\":\"local\",\"Scope\":\"local\"}");
        }
    }

    @Test
    void every_call_reaches_its_method() throws IOException {
        var driver = new RecordingDriver();
        var key = new EndpointKey("n", "e");
        try (var _ = PluginServer.start(socket, driver)) {
            assertThat(post("/NetworkDriver.CreateNetwork", "{\"NetworkID\":\"n\"}"))
                    .isEqualTo(answer(200, "{}"));
            assertThat(post("/NetworkDriver.CreateEndpoint", JOIN)).isEqualTo(answer(200, "{}"));
            assertThat(post("/NetworkDriver.Join", JOIN).body()).contains("\"SrcName\":\"veth1\"");
            assertThat(post("/NetworkDriver.EndpointOperInfo", JOIN)).isEqualTo(answer(200, "{\"Value\":{}}"));
            assertThat(post("/NetworkDriver.ProgramExternalConnectivity", JOIN)).isEqualTo(answer(200, "{}"));
            assertThat(post("/NetworkDriver.RevokeExternalConnectivity", JOIN)).isEqualTo(answer(200, "{}"));
            assertThat(post("/NetworkDriver.Leave", JOIN)).isEqualTo(answer(200, "{}"));
            assertThat(post("/NetworkDriver.DeleteEndpoint", JOIN)).isEqualTo(answer(200, "{}"));
            assertThat(post("/NetworkDriver.DeleteNetwork", "{\"NetworkID\":\"n\"}"))
                    .isEqualTo(answer(200, "{}"));
        }
        assertThat(driver.asked).hasSize(9);
        assertThat(driver.asked.get(2)).isEqualTo(new JoinRequest(key, "/s", EndpointOptions.NONE));
        assertThat(driver.asked.get(4)).isEqualTo(new ExternalConnectivityRequest(key, EndpointOptions.NONE));
        assertThat(driver.asked.subList(5, 9)).containsExactly(key, key, key, "n");
    }

    @Test
    void the_bytes_of_engine_20_10_are_understood() throws IOException {
        // wire/20.10/08-run.jsonl, NetworkDriver.Leave, ids shortened: no host, no content type, a last newline
        var body = "{\"NetworkID\":\"16d2\",\"EndpointID\":\"e1\"}\n";
        var bytes = "POST /NetworkDriver.Leave HTTP/1.1\r\nHost: \r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: "
                + body.length() + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n" + body;
        var driver = new RecordingDriver();
        try (var _ = PluginServer.start(socket, driver);
                var connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            connection.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8)));
            var answer = ByteBuffer.allocate(1000);
            while (!new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8).endsWith("\r\n\r\n{}")) {
                assertThat(connection.read(answer)).isPositive();
            }
            assertThat(new String(answer.array(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 200 OK\r\n");
        }
        assertThat(driver.asked).containsExactly(new EndpointKey("16d2", "e1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CreateNetwork",
                "DeleteNetwork",
                "CreateEndpoint",
                "DeleteEndpoint",
                "EndpointOperInfo",
                "Join",
                "Leave",
                "ProgramExternalConnectivity",
                "RevokeExternalConnectivity"
            })
    void a_call_repeated_with_an_empty_body_or_without_ids_never_reaches_the_driver(String call) throws IOException {
        var driver = new RecordingDriver();
        try (var _ = new Silence(Calls.class);
                var _ = PluginServer.start(socket, driver)) {
            assertThat(post("/NetworkDriver." + call, "")).isEqualTo(error(400, NO_BODY));
            assertThat(post("/NetworkDriver." + call, "\n")).isEqualTo(error(400, NO_BODY));
            assertThat(post("/NetworkDriver." + call, "{}"))
                    .isEqualTo(error(400, "the call's field NetworkID is missing"));
        }
        assertThat(driver.asked).isEmpty();
    }

    @Test
    void unknown_calls_and_other_methods_are_refused() throws IOException {
        try (var _ = PluginServer.start(socket, new RecordingDriver())) {
            assertThat(post("/NetworkDriver.Fly", JOIN))
                    .isEqualTo(error(404, "this plugin has no call /NetworkDriver.Fly"));
            assertThat(client.request("GET", "/NetworkDriver.Join", "", Duration.ofMinutes(1)))
                    .isEqualTo(error(405, "a plugin's calls are made with POST, not GET"));
        }
    }

    @Test
    void a_refusal_is_answered_in_the_protocols_own_form() throws IOException {
        var driver = new RecordingDriver() {
            @Override
            public void createNetwork(CreateNetworkRequest request) {
                throw new Refusal("cannot use parent eth7: there is no such link. Name one that 'ip link' shows.");
            }
        };
        try (var _ = new Silence(Calls.class);
                var _ = PluginServer.start(socket, driver)) {
            assertThat(post("/NetworkDriver.CreateNetwork", "{\"NetworkID\":\"n\"}"))
                    .isEqualTo(error(
                            200, "cannot use parent eth7: there is no such link. Name one that 'ip link' shows."));
        }
    }

    @Test
    void a_fault_of_the_driver_is_answered_without_its_words_and_logged_with_its_trace() throws IOException {
        var fault = new IllegalStateException("internal words");
        var driver = new RecordingDriver() {
            @Override
            public JoinReply join(JoinRequest request) {
                throw fault;
            }
        };
        try (var logged = new Silence(Calls.class);
                var _ = PluginServer.start(socket, driver)) {
            assertThat(post("/NetworkDriver.Join", JOIN))
                    .isEqualTo(error(
                            500,
                            "the plugin failed unexpectedly; its log says where. This is a fault in the plugin, "
                                    + "not in the command."));
            assertThat(logged.records).singleElement().satisfies(entry -> {
                assertThat(entry.getMessage())
                        .isEqualTo("/NetworkDriver.Join failed unexpectedly, which is a fault in the plugin");
                assertThat(entry.getThrown()).isSameAs(fault);
            });
        }
    }

    @Test
    void a_call_past_its_deadline_is_answered_while_its_work_goes_on() throws Exception {
        var answered = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        var driver = new RecordingDriver() {
            @Override
            public JoinReply join(JoinRequest request) {
                try {
                    answered.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
                done.countDown();
                return JoinReply.link("late");
            }
        };
        var options = PluginOptions.DEFAULT.withCallDeadline(Duration.ofMillis(50));
        try (var _ = new Silence(Calls.class);
                var _ = PluginServer.start(new PluginSocket.Unix(socket), Plugin.of(driver), options)) {
            assertThat(post("/NetworkDriver.Join", JOIN))
                    .isEqualTo(error(
                            500,
                            "the plugin was not done after 50 ms and goes on with it. See the plugin's log, and run the "
                                    + "command again."));
            answered.countDown();
            done.await();
        }
    }

    @Test
    void fifty_calls_run_at_the_same_time() throws Exception {
        var all = new CyclicBarrier(50);
        var driver = new RecordingDriver() {
            @Override
            public JoinReply join(JoinRequest request) {
                try {
                    all.await();
                } catch (Exception broken) {
                    throw new IllegalStateException(broken);
                }
                return JoinReply.link("v-" + request.endpoint().endpointId());
            }
        };
        try (var _ = PluginServer.start(socket, driver);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<HttpResponse>>();
            for (int i = 0; i < 50; i++) {
                var body = JOIN.replace("\"e\"", "\"e" + i + "\"");
                answers.add(threads.submit(() -> post("/NetworkDriver.Join", body)));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(answers.get(i).get().body()).contains("\"SrcName\":\"v-e" + i + "\"");
            }
        }
    }

    @Test
    void a_deadline_must_leave_time() {
        assertThatThrownBy(() -> PluginOptions.DEFAULT.withCallDeadline(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// Keeps what a class logs off the console.
    private static final class Silence extends Handler implements AutoCloseable {
        private final ArrayList<LogRecord> records = new ArrayList<>();
        private final Logger logger;

        Silence(Class<?> of) {
            logger = Logger.getLogger(of.getName());
            logger.setUseParentHandlers(false);
            logger.addHandler(this);
        }

        @Override
        public synchronized void publish(LogRecord entry) {
            records.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
            logger.setUseParentHandlers(true);
        }
    }
}
