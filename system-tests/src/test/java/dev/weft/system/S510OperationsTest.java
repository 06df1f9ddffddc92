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

/// What docs/operations.md has to be typed, in its order, while containers talk.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S510OperationsTest {
    private static final Path HOME = Path.of(System.getProperty("weft.home"));
    private static final Path PAGE = HOME.resolve("docs/operations.md");

    @BeforeEach
    void a_host_with_containers(Host host) {
        host.sh("mount -t tmpfs tmpfs /var/backups").ok(); // seen by this host alone
        host.startAgent();
    }

    @Test
    void the_page_works_as_it_is_written(Host host) throws IOException {
        var containers = new Containers(host);
        host.docker("network", "create", "-d", "weft", "--ipam-driver", "weft", "--internal", "mynet")
                .ok();
        containers.run("web", "mynet");
        containers.run("other", "mynet");
        try (var typing = new TypedPage(host, PAGE)) {
            try (var pings = PingStream.start(host, "other", "web")) {
                typing.section("Back up");
                lose(host);
                typing.section("A state that is lost");
                assertThat(host.path("/var/lib/weft/before/weft.db")).exists();
                pings.isWhole();
            }
            containers.run("new", "mynet");
            containers.ping("new", "web");
            host.docker("rm", "-f", "new", "other").ok();
            typing.section("Remove");
        }
        assertThat(host.sh("ip netns list; ip -o link").ok().out()).doesNotContain("weft");
    }

    /// With what the engine and the kernel have.
    private static void lose(Host host) {
        host.stopAgent();
        host.sh("rm /var/lib/weft/weft.db*").ok();
        host.startAgent();
        assertThat(host.docker("run", "--rm", "--network", "mynet", "busybox", "true")
                        .err())
                .contains(" is not known to this agent, whose state may have been lost; run 'weft state rebuild'");
    }
}
