package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two agents where there should be one.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S230TwoAgentsTest {
    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
    }

    @Test
    void a_second_agent_on_the_socket_is_refused_in_one_sentence_and_the_first_goes_on(Host host) throws IOException {
        var second = host.run(commandOfTheFirst(host, "--state", "/var/lib/weft/second"));
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err().lines().toList())
                .singleElement()
                .asString()
                .contains("cannot listen on /run/docker/plugins/weft.sock");
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        host.docker("run", "--rm", "--network", "mynet", "busybox", "true").ok();
    }

    @Test
    void a_second_agent_on_the_same_state_answers_every_call_with_the_reason(Host host) throws IOException {
        var second = host.start(
                commandOfTheFirst(host, "--socket", "/run/docker/plugins/second.sock", "--fabric", "second"));
        try {
            Eventually.isTrue(
                    "the second agent listens", () -> Files.exists(host.path("/run/docker/plugins/second.sock")));
            var refused = host.docker("network", "create", "-d", "second", "mynet");
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.err())
                    .contains("the Weft agent cannot work: cannot open the state in /var/lib/weft/weft.db:"
                            + " another process holds it. Stop the other agent, or give this one another --state.");
        } finally {
            second.descendants().forEach(ProcessHandle::destroy);
            second.onExit().join();
        }
    }

    @Test
    void a_second_agent_on_the_same_fabric_touches_nothing_and_says_why(Host host) throws IOException {
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        var containers = new Containers(host);
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        var second = host.start(commandOfTheFirst(
                host, "--socket", "/run/docker/plugins/third.sock", "--state", "/var/lib/weft/third"));
        try {
            Eventually.isTrue("the agent listens", () -> Files.exists(host.path("/run/docker/plugins/third.sock")));
            assertThat(host.docker("network", "create", "-d", "third", "other").err())
                    .contains("network namespace weft is in the hands of another agent.");
            containers.ping("one", "two");
        } finally {
            second.descendants().forEach(ProcessHandle::destroy);
            second.onExit().join();
        }
    }

    private static String[] commandOfTheFirst(Host host, String... more) throws IOException {
        var words = Files.readString(Path.of("/proc", Long.toString(host.agentPid()), "cmdline"))
                .split("\0");
        return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
    }
}
