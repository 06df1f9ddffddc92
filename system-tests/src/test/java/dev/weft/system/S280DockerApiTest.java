package dev.weft.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.HttpResponse;
import dev.weft.http.HttpServer;
import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A Docker API that is away, slow or none at all: calls of the engine are served all the same.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S280DockerApiTest {
    private static final String SOCKET = "/run/api.sock";
    private static final String AWAY = "the Docker API is away, and calls of the engine are served all the same: ";

    private Containers containers;
    private Path socket;
    private long mark;

    @BeforeEach
    void start_the_agent(Host host) throws IOException {
        containers = new Containers(host);
        socket = host.path(SOCKET);
        mark = host.agentLogMark();
    }

    @AfterEach
    void put_all_back(Host host) throws IOException {
        Files.deleteIfExists(socket);
        new AgentSettings(host).startWithDefaults();
    }

    private static void startAgent(Host host) throws IOException {
        new AgentSettings(host).startWith("docker.socket = '" + SOCKET + "'", "docker.collect_after = '1s'");
    }

    private void assertServes(Host host) {
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        containers.ping("one", "two");
    }

    private long told(Host host, String words) {
        return host.agentLogSince(mark)
                .lines()
                .filter(line -> line.contains(words))
                .count();
    }

    /// Puts the engine's socket where the other one was: the agent finds it by itself.
    private void assertMends(Host host) throws IOException {
        Files.deleteIfExists(socket);
        host.sh("ln -s /run/docker.sock " + SOCKET).ok();
        Eventually.isTrue("the API answers", () -> told(host, "the Docker API answers") == 1);
        host.docker("rm", "-f", "one", "two").ok();
        host.docker("network", "rm", "mynet").ok();
        assertThat(new Fabric(host).links()).isEmpty();
    }

    @Test
    void one_that_is_away_is_told_once(Host host) throws IOException {
        startAgent(host);
        assertServes(host);
        assertThat(told(host, AWAY)).isEqualTo(1);
        assertThat(host.agentLogSince(mark)).contains(AWAY, SOCKET);
        assertMends(host);
    }

    @Test
    void one_that_does_not_answer_holds_up_nothing(Host host) throws IOException {
        var asked = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        try (var _ = HttpServer.listen(socket, _ -> {
            asked.countDown();
            await(released);
            return new HttpResponse(503, "", "");
        })) {
            startAgent(host);
            await(asked);
            assertServes(host);
            Eventually.isTrue("the log tells", () -> told(host, AWAY) == 1);
            released.countDown();
        }
        assertMends(host);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void one_that_is_a_web_server_is_told_and_left_alone(Host host) throws IOException {
        try (var _ = HttpServer.listen(
                socket,
                _ -> new HttpResponse(200, "text/html", "<!DOCTYPE html><html><body>It works!</body></html>"))) {
            startAgent(host);
            assertServes(host);
            Eventually.isTrue("the log tells", () -> told(host, AWAY) == 1);
            assertThat(host.agentLogSince(mark))
                    .contains("what listens on " + SOCKET + " does not answer as Docker Engine does");
        }
        assertMends(host);
    }

    @Test
    void one_that_speaks_another_protocol_is_told_and_left_alone(Host host) throws IOException {
        try (var _ = new Babbler(socket, "SSH-2.0-OpenSSH_9.2\r\n".getBytes(UTF_8), new byte[0])) {
            startAgent(host);
            assertServes(host);
            Eventually.isTrue("the log tells", () -> told(host, AWAY) > 0);
        }
        assertMends(host);
        assertThat(told(host, AWAY))
                .as("that it speaks no HTTP, and that it hangs up")
                .isLessThanOrEqualTo(3);
    }

    @Test
    void one_whose_answer_has_no_end_is_told_and_left_alone(Host host) throws IOException {
        var head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        var chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
        try (var babbler = new Babbler(socket, head.getBytes(UTF_8), chunk.getBytes(UTF_8))) {
            startAgent(host);
            Eventually.isTrue("more was said than one answer may have", () -> babbler.said() > 20_000_000);
            assertServes(host);
            Eventually.isTrue("the log tells", () -> told(host, AWAY) == 1);
            assertThat(host.agentLogSince(mark)).contains("the answer has more than 8388608 bytes");
        }
        assertMends(host);
    }
}
