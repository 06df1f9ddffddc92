package dev.weft.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.plugin.Refusal;
import io.avaje.json.mapper.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bad input on the socket of a running agent: one clear sentence each, and nothing else happens.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S610BadInputTest {
    /// Longer than any sentence of the table.
    private static final int SENTENCE = 1000;

    private static ReplayHost agent;
    private static Host machine;
    private static long process;
    private static State before;

    @TempDir
    private static Path copy;

    /// What must not change.
    ///
    /// @param links    of the host, the sandboxes and the fabric, with all that the kernel tells of them
    /// @param recorded networks and endpoints in the agent's database
    private record State(List<String> links, List<String> recorded) {}

    @BeforeAll
    static void startAgent(Host host) throws IOException {
        machine = host;
        agent = new ReplayHost(host);
        process = host.agentPid();
        for (var call : BadCalls.GOOD_CALLS) {
            assertThat(ask(call).err()).isEmpty();
        }
        before = state();
        assertThat(before.recorded()).hasSize(5);
        assertThat(before.links()).anyMatch(link -> link.contains("veth-e1"));
    }

    @AfterAll
    static void close() {
        agent.close();
    }

    @AfterEach
    void the_agent_lives_and_nothing_has_changed() throws IOException {
        assertThat(machine.agentPid()).isEqualTo(process);
        assertWorks();
        assertThat(state()).isEqualTo(before);
    }

    private static void assertWorks() throws IOException {
        assertThat(ask(BadCalls.GOOD_CALL)).satisfies(answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json()).isEqualTo(object(BadCalls.GOOD_ANSWER));
        });
    }

    private static State state() throws IOException {
        var recorded = new ArrayList<String>();
        try (var registry = agent.registry(copy)) {
            for (var network : registry.networks()) {
                recorded.add(network.toString());
                registry.endpointsOf(network.id()).forEach(endpoint -> recorded.add(endpoint.toString()));
            }
        }
        return new State(agent.everyLink(), recorded.stream().sorted().toList());
    }

    private static Object object(String json) {
        return JsonMapper.builder().build().fromJsonObject(json);
    }

    /// On a connection of its own.
    private static EngineConnection.Answer ask(byte[] bytes) throws IOException {
        try (var connection = connect()) {
            return connection.ask(bytes);
        }
    }

    private static EngineConnection connect() throws IOException {
        return new EngineConnection(machine.pluginSocket());
    }

    static Stream<BadCall> badCalls() {
        return BadCalls.all();
    }

    @Test
    void the_table_is_long_and_its_names_differ() {
        assertThat(badCalls().map(BadCall::name)).doesNotHaveDuplicates().hasSizeGreaterThan(150);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badCalls")
    void one_clear_sentence(BadCall call) throws IOException {
        var answer = ask(call.bytes());
        assertThat(answer.status()).as(answer.body()).isEqualTo(call.status());
        if (call.refused()) {
            assertIsSentence(call.answer(), sentence(answer));
        } else {
            assertThat(answer.json()).isEqualTo(object(call.answer()));
        }
    }

    /// In both keys for what comes to the protocol; in plain text for what is no call.
    private static String sentence(EngineConnection.Answer answer) {
        if (!answer.body().startsWith("{")) {
            return answer.body().stripTrailing();
        }
        var json = answer.json();
        assertThat(json).containsOnlyKeys("Err", "Error").containsEntry("Error", json.get("Err"));
        return (String) json.get("Err");
    }

    private static void assertIsSentence(String expected, String sentence) {
        if (expected.endsWith("…")) {
            assertThat(sentence).startsWith(expected.substring(0, expected.length() - 1));
        } else {
            assertThat(sentence).isEqualTo(expected);
        }
        assertThat(sentence.lines()).hasSize(1);
        assertThat(sentence)
                .hasSizeBetween(20, SENTENCE)
                .doesNotContainPattern("\\p{Cntrl}")
                .doesNotContain("Exception", "dev.weft", "java.", "\tat ", "internal error", "unexpectedly");
    }

    @Test
    void two_hundred_connections_that_say_nothing_keep_nobody_from_being_answered() throws IOException {
        var silent = new ArrayList<EngineConnection>();
        try {
            for (int i = 0; i < 200; i++) {
                silent.add(connect());
            }
            assertWorks();
            for (var connection : silent) {
                assertThat(connection.ask(BadCalls.GOOD_CALL).status()).isEqualTo(200);
            }
        } finally {
            for (var connection : silent) {
                connection.close();
            }
        }
    }

    @Test
    void a_request_that_comes_byte_by_byte_is_answered_and_one_that_stops_halfway_is_not_waited_for_forever()
            throws IOException {
        try (var slow = connect();
                var stopped = connect()) {
            var half = new String(BadCalls.GOOD_CALL, US_ASCII).split("\r\n\r\n", -1)[0];
            stopped.send(half.getBytes(US_ASCII));
            for (int i = 0; i < BadCalls.GOOD_CALL.length - 1; i++) {
                slow.send(new byte[] {BadCalls.GOOD_CALL[i]});
            }
            assertWorks();
            assertThat(slow.ask(new byte[] {BadCalls.GOOD_CALL[BadCalls.GOOD_CALL.length - 1]})
                            .status())
                    .isEqualTo(200);
            stopped.awaitEnd();
        }
    }

    @Test
    void calls_that_do_not_wait_for_answers_are_answered_in_order() throws IOException {
        var calls = new ByteArrayOutputStream();
        for (int i = 0; i < 100; i++) {
            calls.writeBytes(BadCall.request("POST /Call" + i, "{}"));
            calls.writeBytes(BadCalls.GOOD_CALL);
        }
        try (var connection = connect()) {
            connection.send(calls.toByteArray());
            for (int i = 0; i < 100; i++) {
                assertThat(connection.answer().err()).isEqualTo("this plugin has no call /Call" + i);
                assertThat(connection.answer().json()).isEqualTo(object(BadCalls.GOOD_ANSWER));
            }
        }
    }

    @Test
    void garbage_behind_a_good_call_ends_the_connection_after_the_call_is_answered() throws IOException {
        try (var connection = connect()) {
            var bytes = new ByteArrayOutputStream();
            bytes.writeBytes(BadCalls.GOOD_CALL);
            bytes.writeBytes("garbage\r\n\r\n".getBytes(UTF_8));
            bytes.writeBytes(BadCall.call("DeleteNetwork", "{\"NetworkID\":\"n1\"}"));
            connection.send(bytes.toByteArray());
            assertThat(connection.answer().json()).isEqualTo(object(BadCalls.GOOD_ANSWER));
            assertThat(connection.answer().status()).isEqualTo(400);
            connection.awaitEnd();
        }
    }

    @Test
    void a_client_that_hangs_up_in_the_middle_of_a_body_has_asked_for_nothing() throws IOException {
        var call = BadCall.call("DeleteNetwork", "{\"NetworkID\":\"n1\"}");
        try (var connection = connect()) {
            connection.send(Arrays.copyOf(call, call.length - 1));
        }
        assertWorks();
    }

    @Test
    void whole_calls_of_a_mebibyte_in_parallel_leave_the_agent_working() throws IOException {
        var call = BadCall.call(
                "DeleteNetwork", "{\"a\":[{\"\":1}" + ",{\"\":1}".repeat(49_000) + "],\"NetworkID\":\"n1/\"}");
        var connections = new ArrayList<EngineConnection>();
        try {
            for (int i = 0; i < 8; i++) {
                var connection = connect();
                connections.add(connection);
                connection.send(call);
            }
            for (var connection : connections) {
                assertThat(connection.answer().err())
                        .isEqualTo(Refusal.quoted("n1/")
                                + " is no id of a network or endpoint: those have 1 to 64 letters and digits.");
            }
        } finally {
            for (var connection : connections) {
                connection.close();
            }
        }
    }
}
