package dev.weft.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("lab")
@DockerHosts
@DisplayNameGeneration(ReplaceUnderscores.class)
class AgentTest {
    @BeforeEach
    void choose_the_stand_in() {
        System.setProperty("weft.agent.command", StandInAgent.command());
    }

    @AfterEach
    void forget_it(Host host) {
        System.clearProperty("weft.agent.command");
        host.killAgent();
        host.releasePluginSocket();
    }

    @Test
    void it_is_up_once_its_socket_accepts_and_its_process_is_known(Host host) throws Exception {
        host.startAgent("--level", "9");
        assertThat(UnixSocket.accepts(host.pluginSocket())).isTrue();
        assertThat(Path.of("/proc", Long.toString(host.agentPid()), "cmdline"))
                .content()
                .contains("StandInAgent\0--level\0009\0");
        assertThat(Files.readSymbolicLink(Path.of("/proc", Long.toString(host.agentPid()), "ns/net")))
                .isEqualTo(Files.readSymbolicLink(Path.of("/proc", Long.toString(host.pid()), "ns/net")));
        assertThat(host.agentLog()).contains("stand-in with --level,9");
    }

    @Test
    void it_may_clean_up_when_stopped_but_not_when_killed(Host host) {
        host.startAgent();
        host.killAgent();
        assertThat(host.agentRuns()).isFalse();
        assertThat(host.agentLog(1)).isEqualTo("stand-in with ");
        host.startAgent();
        host.stopAgent();
        assertThat(host.agentRuns()).isFalse();
        assertThat(host.agentLog(1)).isEqualTo("stand-in was told to end");
    }

    @Test
    void what_it_prints_is_told_from_a_mark_on(Host host) {
        host.startAgent("--first");
        host.stopAgent();
        long mark = host.agentLogMark();
        assertThat(host.agentLogSince(mark)).isEmpty();
        host.startAgent("--second");
        assertThat(host.agentLogSince(mark)).isEqualTo("stand-in with --second\n");
    }

    @Test
    void calls_on_a_socket_that_is_held_wait_for_the_next_one(Host host) throws IOException {
        host.holdPluginSocket();
        try (var early = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            early.connect(UnixDomainSocketAddress.of(host.pluginSocket()));
            host.startAgent();
            assertThat(answer(early)).isEqualTo("hello");
            host.killAgent();
            try (var late = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                late.connect(UnixDomainSocketAddress.of(host.pluginSocket()));
                host.startAgent();
                assertThat(answer(late)).isEqualTo("hello");
            }
        }
        host.stopAgent();
        host.releasePluginSocket();
        assertThat(host.pluginSocket()).doesNotExist();
    }

    private static String answer(SocketChannel client) throws IOException {
        var answer = ByteBuffer.allocate(16);
        client.read(answer);
        return UTF_8.decode(answer.flip()).toString();
    }

    @Test
    void it_may_start_before_the_engine_of_a_host_that_boots(Host host) {
        host.crash();
        host.bootMachine();
        host.holdPluginSocket();
        host.startAgent();
        assertThat(host.engineRuns()).isFalse();
        host.startEngine();
        host.docker("run", "--rm", "busybox", "true").ok();
    }

    @Test
    void one_that_ends_at_once_is_reported_with_its_log(Host host) {
        assertThatThrownBy(() -> host.startAgent("--fail"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("agent of host h1 ended at once (3); its log:")
                .hasMessageEndingWith("stand-in with --fail");
    }

    @Test
    void one_that_is_not_built_is_reported_in_a_sentence(Host host, @TempDir Path empty) {
        System.clearProperty("weft.agent.command");
        String home = System.getProperty("weft.home", "");
        System.setProperty("weft.home", empty.toString());
        try {
            String sentence = "the agent is not built: there is no " + empty
                    + "/agent/target/dist, so build the repository first";
            assertThatThrownBy(host::startAgent).hasMessage(sentence);
            assertThatThrownBy(() -> host.weft("status")).hasMessage(sentence);
        } finally {
            System.setProperty("weft.home", home);
        }
    }
}
