package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The steps of docs/from-weave.md and docs/from-overlay.md, as far as one host goes.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S520MigrationTest {
    private static final Path DOCS = Path.of(System.getProperty("weft.home")).resolve("docs");

    private Containers containers;

    @BeforeEach
    void an_agent_runs(Host host) {
        containers = new Containers(host);
        if (!host.agentRuns()) {
            host.startAgent();
        }
    }

    private void follow(Host host, String old, String page) throws IOException {
        containers.run("web", old, "-p", "8080:80");
        containers.run("db", old);
        containers.serve("web", "hello");
        try (var typing = new TypedPage(host, DOCS.resolve(page))) {
            typing.section("Step by step, on one host");
        }
        assertThat(host.sh("wget -q -O - http://" + host.address() + ":8080")
                        .ok()
                        .text())
                .as("the published port")
                .isEqualTo("hello");
        host.docker("restart", "-t", "0", "web", "db").ok();
        containers.ping("web", "db");
        host.docker("rm", "-f", "web", "db").ok();
    }

    @Test
    void containers_go_from_the_network_of_another_plugin_to_one_of_Weft(Host host) throws IOException {
        host.docker("network", "create", "-d", "bridge", "--subnet", "10.32.0.0/12", "weave")
                .ok();
        follow(host, "weave", "from-weave.md");
        host.docker("network", "rm", "weave", "app").ok();
    }

    @Test
    void containers_go_from_an_overlay_network_of_a_swarm_to_one_of_Weft(Host host) throws IOException {
        host.docker("swarm", "init", "--advertise-addr", host.address()).ok();
        host.docker("network", "create", "-d", "overlay", "--attachable", "--subnet", "10.42.0.0/24", "old")
                .ok();
        follow(host, "old", "from-overlay.md");
        host.docker("network", "rm", "old", "new").ok();
    }
}
