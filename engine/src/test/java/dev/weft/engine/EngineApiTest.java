package dev.weft.engine;

import static dev.weft.engine.fake.FakeEngine.EVENTS_HEAD;
import static dev.weft.engine.fake.FakeEngine.VERSION_28;
import static dev.weft.engine.fake.FakeEngine.chunk;
import static dev.weft.engine.fake.FakeEngine.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.engine.fake.FakeEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Engines that are slow, wrong, exchanged or not there.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class EngineApiTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final String INFO = "{\"ID\":\"a\",\"Name\":\"h\",\"ServerVersion\":\"28.5.2\"}";

    private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[";

    @TempDir
    private Path folder;

    private Path socket;

    @AutoClose
    private EngineApi api;

    @BeforeEach
    void makeClient() {
        socket = folder.resolve("docker.sock");
        api = new EngineApi(socket, LONG);
    }

    private String failure(FakeEngine.Script script, Callable<?> call) throws Exception {
        try (var _ = new FakeEngine(socket, script)) {
            return failure(call);
        }
    }

    private static String failure(Callable<?> call) {
        var failure = new AtomicReference<String>();
        assertThatThrownBy(call::call)
                .isInstanceOf(EngineException.class)
                .satisfies(thrown -> failure.set(thrown.getMessage()));
        return failure.get();
    }

    @Test
    void an_engine_that_is_not_there() {
        assertThat(failure(api::networks))
                .startsWith("cannot list the networks: cannot GET /version on " + socket + ": ")
                .endsWith("No such file or directory: " + socket
                        + ". Look whether Docker Engine runs, and whether that is its socket.");
        assertThat(failure(api::events)).startsWith("cannot follow the engine's events: ");
    }

    @Test
    void an_engine_that_never_answers() throws Exception {
        try (var impatient = new EngineApi(socket, SHORT)) {
            assertThat(failure((_, wire) -> wire.awaitEnd(), impatient::containers))
                    .isEqualTo(
                            "cannot list the containers: cannot GET /version on " + socket
                                    + ": no answer within 50 ms. Look whether Docker Engine runs, and whether that is its socket.");
        }
    }

    @Test
    void an_engine_that_stops_in_the_middle_of_an_answer() throws Exception {
        try (var impatient = new EngineApi(socket, Duration.ofMillis(500))) {
            FakeEngine.Script half = (request, wire) -> {
                wire.send(request.equals("GET /version") ? VERSION_28 : HALF);
                if (!request.equals("GET /version")) {
                    wire.awaitEnd();
                }
            };
            assertThat(failure(half, impatient::networks)).contains("no answer within 500 ms");
        }
    }

    @Test
    void an_engine_that_dies_in_the_middle_of_an_answer() throws Exception {
        FakeEngine.Script dying = (request, wire) -> {
            wire.send(request.equals("GET /version") ? VERSION_28 : HALF);
            if (!request.equals("GET /version")) {
                wire.end();
            }
        };
        assertThat(failure(dying, api::networks)).contains("the connection was closed before the answer was here");
    }

    @Test
    void an_answer_that_has_no_end() throws Exception {
        FakeEngine.Script endless = (request, wire) -> {
            wire.send(request.equals("GET /version") ? VERSION_28 : EVENTS_HEAD);
            while (!request.equals("GET /version")) {
                wire.send(chunk(" ".repeat(1 << 20)));
            }
        };
        assertThat(failure(endless, api::networks)).contains("the answer has more than 8388608 bytes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `` | the answer's body is not a JSON list: it ends where [ is needed
            <html>no</html> | the answer's body is not a JSON list: character 1 is '<' where [ is needed
            {} | the answer's body is not a JSON list: character 1 is '{' where [ is needed
            [{}] | the answer's field [0].Id is missing
            [{"Id":7}] | the answer's field [0].Id is not text
            [7] | the answer's field [0] is not an object
            [{"Id":"a","Name":"n","Driver":"d","Scope":"local","IPAM":{"Config":[{"Subnet":"x"}]}}] \
            | the answer's field [0].IPAM.Config[0].Subnet is wrong: 'x' is not an address with a prefix length, \
            such as 10.0.0.5/24
            """)
    void an_answer_that_no_engine_gives(String body, String problem) throws Exception {
        assertThat(failure(FakeEngine.always(json(200, body)), api::networks))
                .isEqualTo("cannot list the networks: what listens on " + socket + " does not answer as Docker Engine "
                        + "does: " + problem + ". Name the socket of a Docker Engine, 20.10 or newer.");
    }

    @Test
    void something_that_does_not_speak_HTTP() throws Exception {
        assertThat(failure((_, wire) -> wire.send("220 mail.example ESMTP\r\n\r\n"), api::info))
                .contains("the answer is not HTTP");
        assertThat(failure((_, wire) -> wire.send("220 mail.example ESMTP\r\n\r\n"), api::events))
                .contains("the answer is not HTTP");
    }

    @Test
    void a_proxy_in_front_of_an_engine_that_is_down() throws Exception {
        var html = "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>no</html>";
        assertThat(failure(FakeEngine.always(html), api::networks))
                .isEqualTo("cannot list the networks: the engine refuses with status 502: '<html>no</html>'");
        assertThat(failure(FakeEngine.always(html), api::events))
                .isEqualTo("cannot follow the engine's events: the engine refuses with status 502: '<html>no</html>'");
    }

    @Test
    void a_404_that_is_not_about_the_network_is_not_taken_for_its_absence() throws Exception {
        assertThat(failure(FakeEngine.always(json(404, "{\"message\":\"page not found\"}")), () -> api.network("n1")))
                .isEqualTo("cannot look at network 'n1': the engine refuses with status 404: page not found");
        assertThat(failure(FakeEngine.always(json(404, "n1")), () -> api.container("n1")))
                .isEqualTo("cannot look at container 'n1': the engine refuses with status 404: 'n1'");
    }

    @Test
    void the_engines_words_cannot_break_the_line() throws Exception {
        assertThat(failure(FakeEngine.always(json(500, "{\"message\":\"a\\nb\\u001b\"}")), api::info))
                .isEqualTo("cannot ask the engine who it is: the engine refuses with status 500: a\\u000ab\\u001b");
    }

    @Test
    void a_name_cannot_become_another_path() throws Exception {
        try (var engine = new FakeEngine(socket, FakeEngine.always(json(404, "{}")))) {
            failure(() -> api.network("../a b?c"));
            assertThat(engine.requests()).contains("GET /v1.51/networks/..%2Fa%20b%3Fc");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.41, 1.12, 1.41", "1.45, 1.24, 1.45", "1.51, 1.24, 1.51", "1.52, 1.44, 1.51", "1.56, 1.40, 1.51"})
    void the_newest_version_that_both_know_is_spoken(String newest, String oldest, String spoken) throws Exception {
        var version =
                json(200, "{\"Version\":\"x\",\"ApiVersion\":\"" + newest + "\",\"MinAPIVersion\":\"" + oldest + "\"}");
        try (var engine = new FakeEngine(
                socket, (request, wire) -> wire.send(request.equals("GET /version") ? version : json(200, INFO)))) {
            assertThat(api.info().id()).isEqualTo("a");
            assertThat(api.info().id()).isEqualTo("a");
            assertThat(engine.requests())
                    .containsExactly("GET /version", "GET /v" + spoken + "/info", "GET /v" + spoken + "/info");
        }
    }

    @Test
    void an_engine_that_is_too_old_is_told_so() throws Exception {
        FakeEngine.Script old = (_, wire) -> wire.send(json(200, "{\"Version\":\"19.03.15\",\"ApiVersion\":\"1.40\"}"));
        assertThat(failure(old, api::info))
                .isEqualTo("cannot ask the engine who it is: the engine on " + socket + " is 19.03.15 (API 1.40), "
                        + "which is older than Weft works with: 20.10 (API 1.41). Upgrade Docker Engine.");
    }

    @Test
    void an_engine_that_is_too_new_is_told_so() throws Exception {
        FakeEngine.Script future = (_, wire) ->
                wire.send(json(200, "{\"Version\":\"40.0\",\"ApiVersion\":\"1.90\",\"MinAPIVersion\":\"1.60\"}"));
        assertThat(failure(future, api::info))
                .isEqualTo(
                        "cannot ask the engine who it is: the engine on " + socket + " is 40.0 (API 1.90), and takes "
                                + "no API older than 1.60, but Weft speaks 1.51 at most. Upgrade Weft.");
    }

    /// The sentences are moby's (`daemon/server/middleware/version.go`).
    @Test
    void an_engine_that_was_exchanged_is_asked_for_its_version_again() throws Exception {
        var version = new AtomicReference<>("{\"Version\":\"20.10.24\",\"ApiVersion\":\"1.41\"}");
        try (var engine = new FakeEngine(socket, (request, wire) -> {
            boolean new29 = version.get().contains("29.0");
            wire.send(
                    switch (request) {
                        case "GET /version" -> json(200, version.get());
                        case "GET /v1.41/info" -> new29 ? json(400, """
                                    {"message":"client version 1.41 is too old. Minimum supported API version is 1.44, \
                                    please upgrade your client to a newer version"}""") : json(200, INFO);
                        case "GET /v1.51/info" ->
                            new29
                                    ? json(200, INFO)
                                    : json(
                                            400,
                                            "{\"message\":\"client version 1.51 is too new. "
                                                    + "Maximum supported API version is 1.41\"}");
                        default -> json(404, "{}");
                    });
        })) {
            api.info();
            version.set("{\"Version\":\"29.0.0\",\"ApiVersion\":\"1.52\",\"MinAPIVersion\":\"1.44\"}");
            api.info();
            version.set("{\"Version\":\"20.10.24\",\"ApiVersion\":\"1.41\"}");
            api.info();
            assertThat(engine.requests())
                    .isEqualTo(List.of(
                            "GET /version",
                            "GET /v1.41/info",
                            "GET /v1.41/info",
                            "GET /version",
                            "GET /v1.51/info",
                            "GET /v1.51/info",
                            "GET /version",
                            "GET /v1.41/info"));
        }
    }

    @Test
    void a_start_has_a_deadline_of_its_own() throws Exception {
        FakeEngine.Script slow = (request, wire) -> {
            if (request.equals("GET /version")) {
                wire.send(VERSION_28);
            } else {
                wire.awaitEnd();
            }
        };
        assertThat(failure(slow, () -> api.start("c", SHORT))).contains("no answer within 50 ms");
    }

    @Test
    void events_come_while_the_answer_goes_on() throws Exception {
        FakeEngine.Script events = (request, wire) -> {
            wire.send(request.equals("GET /version") ? VERSION_28 : EVENTS_HEAD);
            if (!request.equals("GET /version")) {
                wire.send(chunk("\n{\"Type\":\"network\",\"Action\":\"create\",\"Actor\":{\"ID\":\"n\","));
                wire.send(chunk("\"Attributes\":{\"name\":\"a\"}}}\n"));
                wire.awaitEnd();
            }
        };
        try (var _ = new FakeEngine(socket, events);
                var heard = api.events()) {
            assertThat(heard.next()).isEqualTo(new EngineEvent("network", "create", "n", Map.of("name", "a")));
        }
    }

    @Test
    void a_strange_event_is_told() throws Exception {
        FakeEngine.Script strange = (request, wire) ->
                wire.send(request.equals("GET /version") ? VERSION_28 : EVENTS_HEAD + chunk("{\"Type\":7}\n"));
        try (var _ = new FakeEngine(socket, strange);
                var heard = api.events()) {
            assertThat(failure(heard::next))
                    .isEqualTo("cannot follow the engine's events: what listens on " + socket + " does not answer as "
                            + "Docker Engine does: the answer's field Type is not text. Name the socket of a Docker "
                            + "Engine, 20.10 or newer.");
        }
    }

    @Test
    void closing_ends_calls_and_streams() throws Exception {
        FakeEngine.Script silent = (request, wire) -> {
            if (request.equals("GET /version")) {
                wire.send(VERSION_28);
            } else {
                wire.send(request.contains("/events") ? EVENTS_HEAD : "");
                wire.awaitEnd();
            }
        };
        try (var _ = new FakeEngine(socket, silent);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var closing = new EngineApi(socket, LONG);
            var events = closing.events();
            var event = threads.submit(events::next);
            var answer = threads.submit(closing::info);
            closing.close();
            assertThatThrownBy(event::get).cause().isInstanceOf(EngineException.class);
            assertThatThrownBy(answer::get).cause().isInstanceOf(EngineException.class);
        }
    }
}
