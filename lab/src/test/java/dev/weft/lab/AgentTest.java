package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
            assertThatThrownBy(host::startAgent)
                    .hasMessage("the agent is not built: there is no " + empty
                            + "/agent/target/dist, so build the repository first");
        } finally {
            System.setProperty("weft.home", home);
        }
    }
}
