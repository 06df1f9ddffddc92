package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.HttpClient;
import dev.weft.http.HttpRequest;
import dev.weft.http.HttpResponse;
import dev.weft.http.HttpServer;
import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Agents that die between two calls of the same `docker run`.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S210CrashInMidCallTest {
    /// The agent under another name: a plugin whose socket is the test's, which hands every call on to the agent.
    private static final String FRONT = "front";

    @BeforeEach
    void startAgent(Host host) throws IOException {
        if (!host.agentRuns()) {
            host.startAgent();
        }
        var folder = Files.createDirectories(host.path("/etc/docker/plugins"));
        Files.writeString(folder.resolve(FRONT + ".spec"), "unix:///run/front.sock");
    }

    /// Serves the plugin `front`, and does something once, before it hands on a certain call.
    private static HttpServer inFrontOf(Host host, String call, Runnable once) throws IOException {
        var done = new AtomicBoolean();
        return HttpServer.listen(host.path("/run/front.sock"), request -> {
            if (request.path().equals("/NetworkDriver." + call) && done.compareAndSet(false, true)) {
                once.run();
            }
            return handOn(host, request);
        });
    }

    private static HttpResponse handOn(Host host, HttpRequest request) {
        try (var agent = new HttpClient(host.pluginSocket())) {
            return agent.request(request.method(), request.path(), request.body(), Duration.ofSeconds(60));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void killAndStartAgent(Host host) {
        host.killAgent();
        host.startAgent();
    }

    @Test
    void an_agent_killed_between_create_endpoint_and_join_knows_the_endpoint_when_it_is_back(Host host)
            throws IOException {
        try (var _ = inFrontOf(host, "Join", () -> killAndStartAgent(host))) {
            host.docker("network", "create", "-d", FRONT, "--internal", "mynet").ok();
            var containers = new Containers(host);
            containers.run("one", "mynet");
            containers.run("two", "mynet");
            containers.ping("one", "two");
            host.docker("rm", "-f", "one", "two").ok();
            host.docker("network", "rm", "mynet").ok();
            assertThat(new Fabric(host).links()).isEmpty();
        }
    }

    @Test
    void an_agent_killed_before_a_leave_removes_the_links_when_it_is_back(Host host) throws IOException {
        try (var _ = inFrontOf(host, "Leave", () -> killAndStartAgent(host))) {
            host.docker("network", "create", "-d", FRONT, "--internal", "mynet").ok();
            host.docker("run", "--rm", "--network", "mynet", "busybox", "true").ok();
            assertThat(new Fabric(host).links()).singleElement().asString().startsWith("br-");
            host.docker("network", "rm", "mynet").ok();
            assertThat(new Fabric(host).links()).isEmpty();
        }
    }

    @Test
    void an_agent_that_stays_away_fails_the_run_and_what_it_left_goes_with_the_network(Host host) {
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        host.killAgent();
        assertThat(host.docker("run", "--rm", "--network", "mynet", "busybox", "true")
                        .exitCode())
                .isNotZero();
        host.startAgent();
        host.docker("run", "--rm", "--network", "mynet", "busybox", "true").ok();
        host.docker("network", "rm", "mynet").ok();
        assertThat(new Fabric(host).links()).isEmpty();
    }
}
