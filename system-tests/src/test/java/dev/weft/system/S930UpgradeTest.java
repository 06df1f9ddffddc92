package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Upgrades as systemd does them: the socket stays, one agent ends and the other begins.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S930UpgradeTest {
    private static final int CONTAINERS = 20;
    private static final int UPGRADES = 10;

    /// What the lab starts in place of this build's own agent.
    private static final String AGENT = "weft.agent.command";

    @TempDir
    private Path folder;

    @AfterEach
    void hold_no_socket(Host host) throws IOException {
        System.clearProperty(AGENT);
        host.killAgent();
        host.releasePluginSocket();
        new AgentSettings(host).startWithDefaults(); // or the engine could not remove its networks
    }

    /// An upgrade of packages replaces files under the agent that still answers.
    @Test
    void an_agent_holds_all_its_jars_open(Host host) throws IOException {
        unpack(host);
        System.setProperty(AGENT, folder.resolve("weft") + " agent");
        if (host.agentRuns()) { // what another test leaves
            host.killAgent();
        }
        host.startAgent();
        Eventually.isTrue("each jar is open", () -> {
            try (var files = Files.list(Path.of("/proc", Long.toString(host.agentPid()), "fd"));
                    var jars = Files.list(folder.resolve("lib"))) {
                var open = files.flatMap(S930UpgradeTest::target).collect(Collectors.toSet());
                return jars.allMatch(jar -> open.contains(jar.toString()));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    /// None, where the file was closed meanwhile.
    private static Stream<String> target(Path descriptor) {
        try {
            return Stream.of(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException closed) {
            return Stream.empty();
        }
    }

    private void unpack(Host host) {
        host.run("tar", "-xzf", Packaged.tarball().toString(), "-C", folder.toString(), "--strip-components=1")
                .ok();
    }

    @Test
    void while_the_agent_is_upgraded_ten_times_no_packet_is_lost_and_no_docker_run_fails(Host host)
            throws InterruptedException, ExecutionException {
        unpack(host);
        var programs = List.of(folder.resolve("weft") + " agent", "");
        host.stopAgent(); // of the other test
        host.holdPluginSocket();
        host.startAgent();
        host.docker("network", "create", "-d", "weft", "--ipam-driver", "weft", "mynet")
                .ok();
        var containers = new Containers(host);
        for (int i = 0; i < CONTAINERS; i++) {
            containers.run("ping-" + i, "mynet");
        }
        var pings = new ArrayList<PingStream>();
        var upgraded = new AtomicBoolean();
        try (var caller = Executors.newSingleThreadExecutor()) {
            for (int i = 0; i < CONTAINERS; i++) {
                pings.add(PingStream.start(host, "ping-" + i, "ping-" + (i + 1) % CONTAINERS));
            }
            var runs = caller.submit(() -> {
                int count = 0;
                while (!upgraded.get()) {
                    host.docker("run", "--rm", "--network", "mynet", "busybox", "ping", "-c", "1", "ping-0")
                            .ok();
                    count++;
                }
                return count;
            });
            try {
                for (int i = 0; i < UPGRADES; i++) {
                    System.setProperty(AGENT, programs.get(i % programs.size()));
                    host.stopAgent();
                    host.startAgent();
                }
            } finally {
                upgraded.set(true);
            }
            assertThat(runs.get()).isPositive();
            pings.forEach(PingStream::isWhole);
        } finally {
            pings.forEach(PingStream::close);
        }
        assertThat(host.agentLog()).contains(" listens on the socket that it was started with");
    }
}
