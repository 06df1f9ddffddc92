package dev.weft.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A state that is lost, and made anew under running containers.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S260RebuildTest {
    private Containers containers;
    private Fabric fabric;

    @BeforeEach
    void two_networks_with_containers(Host host) {
        containers = new Containers(host);
        fabric = new Fabric(host);
        if (!host.agentRuns()) {
            host.startAgent();
        }
        host.docker(
                        "network",
                        "create",
                        "-d",
                        "weft",
                        "--ipam-driver",
                        "weft",
                        "--subnet",
                        "10.9.0.0/28",
                        "--aux-address",
                        "router=10.9.0.5",
                        "--internal",
                        "mynet")
                .ok();
        host.docker("network", "create", "-d", "weft", "other").ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet", "--network-alias", "second");
        containers.run("three", "other");
    }

    @AfterEach
    void an_agent_runs(Host host) {
        if (!host.agentRuns()) {
            host.startAgent();
        }
    }

    /// Flips one bit of a network's name.
    private static void damage(Host host) throws IOException {
        Path file = host.path("/var/lib/weft/weft.db");
        var text = Files.readString(file, ISO_8859_1);
        int at = text.indexOf("weft-local");
        assertThat(at).isPositive();
        var bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void a_damaged_state_is_answered_with_what_to_do_and_rebuilt_without_a_lost_packet(Host host) throws Exception {
        try (var ping = PingStream.start(host, "one", "two")) {
            host.stopAgent();
            damage(host);
            host.startAgent();
            var refused = host.docker("network", "create", "-d", "weft", "new");
            assertThat(refused.err()).contains("is damaged: ", "Run 'weft state rebuild' while Docker runs,");
            var status = host.weft("status");
            assertThat(status.exitCode()).isEqualTo(1);
            assertThat(status.out()).startsWith("Weft 0.1.0 does not work:\n").contains("/var/lib/weft/weft.db is");
            assertThat(host.weft("network", "ls").err()).contains("is damaged: ");
            assertThat(host.weft("state", "check").exitCode()).isEqualTo(3);
            var rebuilt = host.weft("state", "rebuild").ok().out();
            assertThat(rebuilt)
                    .contains(
                            "\n  2 networks\n  3 endpoints\n  1 subnet from Weft's IPAM, with ",
                            "The old one is kept as /var/lib/weft/weft.db.damaged-1.\n");
            assertThat(host.path("/var/lib/weft/weft.db.damaged-1")).exists();
            host.stopAgent();
            host.startAgent();
            assertThat(host.weft("reconcile").ok().out()).contains(": everything is as recorded.");
            containers.run("four", "mynet");
            assertThat(containers.address("four", "mynet"))
                    .isNotIn(containers.address("one", "mynet"), containers.address("two", "mynet"), "10.9.0.5");
            containers.ping("four", "one");
            containers.run("five", "other");
            containers.ping("five", "three");
            ping.isWhole();
        }
        assertThat(host.weft("doctor").out()).isEqualTo("Everything is in order.\n");
        host.docker("rm", "-f", "one", "two", "three", "four", "five").ok();
        host.docker("network", "rm", "mynet", "other").ok();
        assertThat(fabric.links()).isEmpty();
        assertThat(host.weft("ipam", "ls").ok().out().lines()).hasSize(1);
    }

    @Test
    void a_backup_that_is_older_than_a_container_gives_no_address_of_that_one_again(Host host) {
        host.weft("state", "backup", "/var/lib/weft/copy.db").ok();
        containers.run("four", "mynet");
        host.stopAgent();
        host.sh("cd /var/lib/weft && rm -f weft.db-wal && mv copy.db weft.db").ok();
        host.startAgent();
        Eventually.isTrue(
                "the address is put on record",
                () -> host.agentLog()
                        .contains("address " + containers.address("four", "mynet") + " was not on record, and the"));
        containers.run("five", "mynet");
        assertThat(containers.address("five", "mynet")).isNotEqualTo(containers.address("four", "mynet"));
        host.stopAgent();
        host.weft("state", "rebuild").ok();
        host.sh("rm /var/lib/weft/weft.db.damaged-1").ok();
        host.startAgent();
        Eventually.isTrue("all is in order", () -> host.weft("doctor").out().equals("Everything is in order.\n"));
        containers.ping("one", "four");
    }

    @Test
    void it_is_refused_while_an_agent_has_the_state_and_while_the_engine_is_away(Host host) throws Exception {
        assertThat(host.weft("state", "rebuild").err()).contains("another process holds it.");
        host.stopAgent();
        host.stopEngine();
        var before = host.sh("cksum /var/lib/weft/*").ok().out();
        try {
            var refused = host.weft("state", "rebuild");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).startsWith("weft: cannot list the networks: ");
            assertThat(host.sh("cksum /var/lib/weft/*").ok().out()).isEqualTo(before);
        } finally {
            host.startAgent();
            host.startEngine();
        }
    }
}
