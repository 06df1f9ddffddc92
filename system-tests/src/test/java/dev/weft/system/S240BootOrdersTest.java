package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Which of engine and agent is up first after a power loss.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S240BootOrdersTest {
    private Containers containers;

    @BeforeEach
    void run_a_container_and_lose_power(Host host) {
        containers = new Containers(host);
        if (!host.agentRuns()) {
            host.startAgent();
        }
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        containers.run("always", "mynet", "--restart", "always");
        host.crash();
        host.bootMachine();
    }

    @AfterEach
    void hold_no_socket(Host host) throws IOException {
        host.killAgent();
        host.releasePluginSocket();
        new AgentSettings(host).startWithDefaults(); // or the engine could not remove its networks
    }

    /// Of a socket that listens, ss(8) shows how many clients nobody has accepted yet.
    private static int callsThatWait(Host host) {
        var columns = host.sh("ss --no-header --unix --listening src /run/docker/plugins/weft.sock")
                .ok()
                .text()
                .split(" +");
        return Integer.parseInt(columns[2]);
    }

    private void assertRuns(String name) {
        Eventually.isTrue(name + " runs", () -> containers.names().contains(name));
        containers.run("other", "mynet");
        containers.ping("other", name);
    }

    @Test
    void with_the_agent_before_the_engine_containers_come_back(Host host) {
        host.startAgent();
        host.startEngine();
        assertRuns("always");
    }

    @Test
    void with_a_socket_that_is_held_containers_come_back_whoever_is_first(Host host) {
        host.holdPluginSocket();
        var engine = CompletableFuture.runAsync(host::startEngine);
        Eventually.isTrue("the engine calls", () -> callsThatWait(host) > 0);
        host.startAgent();
        engine.join();
        assertRuns("always");
        assertThat(host.agentLog()).contains(" listens on the socket that it was started with");
    }

    @Test
    void with_an_agent_that_is_late_containers_stay_down_and_are_named_and_started_if_so_configured(Host host)
            throws IOException {
        host.startEngine();
        long mark = host.agentLogMark();
        host.startAgent();
        Eventually.isTrue(
                "the log names the container",
                () -> host.agentLogSince(mark)
                        .contains("container always was left down by the engine, because no agent answered when it was"
                                + " to start. Start it: docker start always"));
        assertThat(containers.names()).isEmpty();
        new AgentSettings(host).startWith("docker.start_missed_containers = true");
        assertRuns("always");
        assertThat(host.agentLogSince(mark)).contains("started container always, which the engine had left down");
    }
}
