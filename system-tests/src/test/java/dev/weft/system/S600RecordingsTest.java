package dev.weft.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparingDouble;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.state.NetworkRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every request that real engines sent to a recording plugin, sent to the agent: the same bytes, in the same order.
/// But pools and addresses that the recording plugin gave are those that the agent has given in their place.
///
/// The scenarios of an engine follow each other, as they did when they were recorded: some use what an earlier one
/// left. Two hosts' agents get them all, and are killed and started where the recording plugin was. The engines
/// of the hosts have no part in it: the test moves links into sandboxes in their place.
@Tag("system")
@DockerHosts(2)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S600RecordingsTest {
    private static List<ReplayHost> hosts;

    @TempDir
    private static Path copy;

    /// What is between the engine and the agent where the recording plugin misbehaved on purpose. The engine gets the
    /// recorded answer either way, and its next calls are the recorded ones.
    private enum Fault {
        /// The call does not come to the agent, as none of the IPAM driver does that went wrong; one that was answered
        /// late comes to it late.
        BEFORE_THE_AGENT,
        /// The agent does the call and its answer is lost; one that was answered late is done at once. Where the
        /// plugin was killed in mid-call, the agent is killed without waiting for its answer.
        AFTER_THE_AGENT
    }

    @BeforeAll
    static void startAgents(List<Host> lab) throws IOException {
        hosts = new ArrayList<>();
        for (var host : lab) {
            hosts.add(new ReplayHost(host));
        }
    }

    @AfterAll
    static void close() {
        hosts.forEach(ReplayHost::close);
    }

    @Test
    void the_recordings_are_whole() {
        assertThat(callsOf("20.10"))
                .hasSize(1430)
                .filteredOn(RecordedCall::isFaulty)
                .hasSize(73);
        assertThat(callsOf("28.5"))
                .hasSize(1475)
                .filteredOn(RecordedCall::isFaulty)
                .hasSize(77);
    }

    /// Each with a body as long as the engine said.
    private static List<RecordedCall> callsOf(String engine) {
        var calls = RecordedCall.scenarios(engine).stream()
                .flatMap(scenario -> RecordedCall.of(scenario).stream())
                .toList();
        assertThat(calls)
                .allSatisfy(call -> assertThat(call.head())
                        .contains("Content-Length: " + call.body().getBytes(UTF_8).length + "\n"));
        return calls;
    }

    @TestFactory
    Stream<DynamicNode> the_agent_answers_as_an_engine_needs_it_and_nothing_is_left() {
        return Stream.of("20.10", "28.5")
                .flatMap(engine -> Stream.of(Fault.values()).map(fault -> replay(engine, fault)));
    }

    private static DynamicNode replay(String engine, Fault fault) {
        var judgements = hosts.stream().map(EngineJudgement::new).toList();
        var scenarios = RecordedCall.scenarios(engine).stream()
                .filter(scenario -> fault == Fault.BEFORE_THE_AGENT || hasFaults(scenario))
                .map(scenario -> DynamicTest.dynamicTest(
                        scenario.getFileName().toString(), () -> replayAlone(scenario, fault, judgements)));
        var end = DynamicTest.dynamicTest("nothing is left", () -> {
            for (int host = 0; host < hosts.size(); host++) {
                deleteTheRest(hosts.get(host), judgements.get(host));
            }
        });
        return DynamicContainer.dynamicContainer(
                engine + ", faults " + fault, Stream.concat(scenarios, Stream.of(end)));
    }

    /// Those without are the same either way. Those with faults need no networks of other scenarios.
    private static boolean hasFaults(Path scenario) {
        return RecordedCall.of(scenario).stream()
                .anyMatch(call -> call.isFaulty() || call.isLate() || call.isInterrupted());
    }

    /// A scenario that fails leaves nothing that could make later ones fail.
    private static void replayAlone(Path scenario, Fault fault, List<EngineJudgement> judgements) throws IOException {
        try {
            replay(scenario, fault, judgements);
        } catch (AssertionError failure) {
            for (var host : hosts) {
                host.startAnew();
            }
            judgements.forEach(EngineJudgement::forget);
            throw failure;
        }
    }

    private static void replay(Path scenario, Fault fault, List<EngineJudgement> judgements) throws IOException {
        hosts.forEach(ReplayHost::disconnect);
        var calls = callsOf(scenario).stream()
                .sorted(comparingDouble(call -> call.time() + (fault == Fault.BEFORE_THE_AGENT ? call.seconds() : 0)))
                .toList();
        for (var call : calls) {
            try {
                replay(call, fault, hosts.get(call.host() - 1), judgements.get(call.host() - 1));
            } catch (AssertionError | IOException | RuntimeException failure) {
                throw new AssertionError(call + ": " + failure.getMessage(), failure);
            }
        }
        for (int host : calls.stream().map(RecordedCall::host).distinct().toList()) {
            // After a start the agent makes links again beside the calls, each in two steps: a name, then an alias.
            Eventually.isTrue(
                    "no link is in the making",
                    () -> hosts.get(host - 1).ourLinks().stream().noneMatch(link -> link.endsWith("()")));
            assertThat(hosts.get(host - 1).ourLinks())
                    .allMatch(judgements.get(host - 1)::mayHave, "of a network or endpoint that is not deleted");
            assertNothingElseIsOnRecord(hosts.get(host - 1), judgements.get(host - 1));
        }
    }

    /// The recording plugin chose the same subnet in both address spaces, and Weft's ranges may not overlap.
    private static List<RecordedCall> callsOf(Path scenario) {
        var calls = new ArrayList<RecordedCall>();
        boolean global = false;
        for (var call : RecordedCall.of(scenario)) {
            if (call.method().equals("RequestPool") && call.body().contains("\"Pool\":\"\"")) {
                global = call.body().contains("\"recGlobal\"");
            }
            calls.add(global ? call.with("10.199.0.", "10.198.0.") : call);
        }
        return calls;
    }

    private static void replay(RecordedCall call, Fault fault, ReplayHost host, EngineJudgement judgement)
            throws IOException {
        switch (call.before()) {
            case NOTHING -> {}
            case PLUGIN_KILLED -> host.killAndStartAgent();
            case POWER_LOST -> host.losePower();
        }
        boolean heard = fault == Fault.AFTER_THE_AGENT || !call.isFaulty() && !call.isInterrupted();
        if (call.isInterrupted() && heard) {
            host.send(call.conn(), call.bytes());
        } else if (!call.isOfNetworkDriver()) {
            if (!call.isFaulty() && !host.ipam().isReplay(call)) {
                host.ipam().play(call);
            }
        } else if (heard) {
            var answer = ask(host, judgement, host.ipam().translated(call));
            if (call.method().equals("Join") && !call.isFaulty() && answer.err().isEmpty()) {
                host.moveIntoSandbox(answer);
            }
        }
        if (call.method().equals("Leave")) {
            host.moveBack(call.endpointId());
        }
    }

    private static EngineConnection.Answer ask(ReplayHost host, EngineJudgement judgement, RecordedCall call)
            throws IOException {
        var answer = host.ask(call.conn(), call.bytes());
        judgement.judge(call, answer);
        return answer;
    }

    /// Networks stay that no recording deletes, or whose deletion the agent did not hear.
    private static void deleteTheRest(ReplayHost host, EngineJudgement judgement) throws IOException {
        for (var endpoint : Map.copyOf(judgement.endpoints()).entrySet()) {
            ask(host, judgement, RecordedCall.deleteEndpoint(endpoint.getValue(), endpoint.getKey()));
        }
        for (var network : List.copyOf(judgement.networks())) {
            ask(host, judgement, RecordedCall.deleteNetwork(network));
        }
        host.ipam().releaseTheRest();
        assertThat(host.ourLinks()).isEmpty();
        assertNothingElseIsOnRecord(host, judgement);
        assertThat(Records.of(host.host(), copy)).isEqualTo(Records.NONE);
    }

    private static void assertNothingElseIsOnRecord(ReplayHost host, EngineJudgement judgement) throws IOException {
        var endpoints = new TreeMap<String, String>();
        try (var registry = host.registry(copy)) {
            assertThat(registry.networks()).extracting(NetworkRecord::id).hasSameElementsAs(judgement.networks());
            registry.networks().stream()
                    .flatMap(network -> registry.endpointsOf(network.id()).stream())
                    .forEach(endpoint -> endpoints.put(endpoint.id(), endpoint.networkId()));
        }
        assertThat(endpoints).isEqualTo(judgement.endpoints());
    }
}
