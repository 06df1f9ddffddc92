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
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Agents that die between two calls of the same `docker run`.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S210CrashInMidCallTest {
    /// Where the agent listens while a test stands between it and the engine.
    private static final String BEHIND = "/run/weft.sock";

    /// Stands where the engine looks for the plugin, and does something once, before it hands on a certain call.
    private static HttpServer inFrontOf(Host host, String call, Runnable once) throws IOException {
        var done = new AtomicBoolean();
        return HttpServer.listen(host.pluginSocket(), request -> {
            if (request.path().equals("/NetworkDriver." + call) && done.compareAndSet(false, true)) {
                once.run();
            }
            return handOn(host, request);
        });
    }

    private static HttpResponse handOn(Host host, HttpRequest request) {
        try (var agent = new HttpClient(host.path(BEHIND))) {
            return agent.request(request.method(), request.path(), request.body(), Duration.ofSeconds(60));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void restartAgent(Host host) {
        host.killAgent();
        host.startAgent("--socket", BEHIND);
    }

    @Test
    void an_agent_killed_between_create_endpoint_and_join_knows_the_endpoint_when_it_is_back(Host host)
            throws IOException {
        host.startAgent("--socket", BEHIND);
        try (var front = inFrontOf(host, "Join", () -> restartAgent(host))) {
            host.docker("network", "create", "-d", "weft", "--internal", "mynet")
                    .ok();
            var containers = new Containers(host);
            containers.run("one", "mynet");
            containers.run("two", "mynet");
            containers.ping("one", "two");
            host.docker("rm", "-f", "one", "two").ok();
            host.docker("network", "rm", "mynet").ok();
            assertThat(new Fabric(host).links()).isEmpty();
        } finally {
            host.stopAgent();
        }
    }

    @Test
    void an_agent_killed_before_a_leave_removes_the_links_when_it_is_back(Host host) throws IOException {
        host.startAgent("--socket", BEHIND);
        try (var front = inFrontOf(host, "Leave", () -> restartAgent(host))) {
            host.docker("network", "create", "-d", "weft", "--internal", "mynet")
                    .ok();
            host.docker("run", "--rm", "--network", "mynet", "busybox", "true").ok();
            host.docker("network", "rm", "mynet").ok();
            assertThat(new Fabric(host).links()).isEmpty();
        } finally {
            host.stopAgent();
        }
    }

    @Test
    void an_agent_that_stays_away_fails_the_run_and_what_it_left_goes_with_the_network(Host host) throws IOException {
        host.startAgent();
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        host.killAgent();
        assertThat(host.docker("run", "--rm", "--network", "mynet", "busybox", "true")
                        .exitCode())
                .isNotZero();
        host.startAgent();
        host.docker("run", "--rm", "--network", "mynet", "busybox", "true").ok();
        host.docker("network", "rm", "mynet").ok();
        assertThat(new Fabric(host).links()).isEmpty();
        host.stopAgent();
    }
}
