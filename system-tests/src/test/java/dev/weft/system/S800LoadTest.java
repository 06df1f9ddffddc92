package dev.weft.system;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many containers that come and go at once.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S800LoadTest {
    private static final boolean LONG = Boolean.getBoolean("weft.long");
    private static final int ROUNDS = LONG ? 10 : 1;
    private static final int CONTAINERS = LONG ? 200 : 100;
    private static final int CLIENTS = 20;

    @TempDir
    private static Path copy;

    @BeforeAll
    static void startAgent(Host host) throws IOException {
        new AgentSettings(host).startWith("docker.collect_after = '1s'");
    }

    @Test
    void containers_that_are_started_and_removed_by_many_clients_at_once_leave_nothing(Host host) throws IOException {
        host.docker(
                        "network",
                        "create",
                        "-d",
                        "weft",
                        "--internal",
                        "--ipam-driver",
                        "weft",
                        "--subnet",
                        "10.62.0.0/16",
                        "mynet")
                .ok();
        var before = whatThereIs(host);
        for (int round = 1; round <= ROUNDS; round++) {
            var failures = atOnce(host, "docker run -d --name cN --network mynet busybox sleep 1000000");
            tell("started in round " + round, failures);
            assertThat(addresses(host)).hasSize(CONTAINERS - failures.size()).doesNotHaveDuplicates();
            tell("removed in round " + round, atOnce(host, "docker rm -f cN"));
            if (failures.isEmpty()) {
                assertThat(whatThereIs(host)).isEqualTo(before);
            } else {
                host.restartEngine(); // 20.10 keeps endpoints of starts that failed, and says so only when it is new
                Eventually.isTrue("nothing is left", () -> whatThereIs(host).equals(before));
            }
        }
        removeNetwork(host);
        assertThat(new Fabric(host).links()).isEmpty();
        assertThat(Records.of(host, copy)).isEqualTo(Records.NONE);
    }

    /// Engine 20.10, and no other, miscounts the endpoints of a network after a thousand, and counts anew when it
    /// starts. None is left, as each round has shown.
    private static void removeNetwork(Host host) {
        var removal = host.docker("network", "rm", "mynet");
        if (removal.err().contains("has active endpoints") && isOld(host)) {
            host.restartEngine();
            removal = host.docker("network", "rm", "mynet");
        }
        removal.ok();
    }

    private static boolean isOld(Host host) {
        return host.docker("version", "-f", "{{.Server.Version}}").ok().text().startsWith("20.10.");
    }

    /// Links and records.
    private static String whatThereIs(Host host) {
        try {
            return links(host) + " " + Records.of(host, copy);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// Runs a command for each container, N being its number.
    ///
    /// @return what the commands that failed have said, a line each
    private static List<String> atOnce(Host host, String command) {
        var each = "said=$(" + command + " 2>&1) || echo $said";
        return host.sh("seq " + CONTAINERS + " | xargs -P " + CLIENTS + " -I N sh -c '" + each + "'")
                .ok()
                .out()
                .lines()
                .toList();
    }

    /// Failures may be the engine's own, on a machine that is busy; none may be ours.
    private static void tell(String what, List<String> failures) {
        var kinds = failures.stream()
                .collect(groupingBy(failure -> failure.replaceAll("[0-9a-f]{12,64}", "…"), TreeMap::new, counting()));
        System.out.println(CONTAINERS - failures.size() + " of " + CONTAINERS + " containers " + what);
        kinds.forEach((kind, times) -> System.out.println("    " + times + " times: " + kind));
        assertThat(kinds.keySet()).noneMatch(kind -> kind.contains("NetworkDriver.") || kind.contains("IpamDriver."));
        assertThat(failures).hasSizeLessThan(CONTAINERS / 10);
    }

    /// Of all containers that run.
    private static List<String> addresses(Host host) {
        return host.sh("docker inspect -f '{{.NetworkSettings.Networks.mynet.IPAddress}}' $(docker ps -q)")
                .ok()
                .out()
                .lines()
                .toList();
    }

    /// Names of the host's links and the fabric's.
    private static List<String> links(Host host) {
        return host.sh("(ip -o link; ip netns exec weft ip -o link) | cut -d ' ' -f 2 | grep -v docker_gwbridge | sort")
                .ok()
                .out()
                .lines()
                .toList();
    }
}
