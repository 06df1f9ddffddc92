package dev.weft.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An agent whose `weft.db` somebody has spoilt: it stays, serves nothing of it, and says so to whoever asks.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S282DamagedStateTest {
    private static final String DAMAGED = "the Weft agent cannot work: the state in /var/lib/weft/weft.db is damaged: ";

    private Containers containers;

    @BeforeEach
    void run_two_containers(Host host) {
        containers = new Containers(host);
        if (!host.agentRuns()) {
            host.startAgent();
        }
        host.docker("network", "create", "-d", "weft", "--internal", "--ipam-driver", "weft", "mynet")
                .ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
    }

    /// The agent is stopped, the file changed, and the agent started; at the end all is as before.
    private void assertIsRefused(Host host, UnaryOperator<byte[]> damage) throws IOException {
        host.stopAgent();
        Path file = host.path("/var/lib/weft/weft.db");
        byte[] sound = Files.readAllBytes(file);
        byte[] spoilt = damage.apply(sound.clone());
        Files.write(file, spoilt);
        host.startAgent();
        assertThat(host.docker("network", "create", "-d", "weft", "more").err()).contains(DAMAGED);
        assertThat(host.docker("network", "create", "-d", "weft", "--ipam-driver", "weft", "more")
                        .err())
                .contains(DAMAGED);
        assertThat(host.docker("run", "--rm", "--network", "mynet", "busybox", "true")
                        .err())
                .contains(DAMAGED);
        containers.ping("one", "two");
        assertThat(host.agentRuns()).isTrue();
        host.stopAgent();
        assertThat(Files.readAllBytes(file)).as("nothing is changed").isEqualTo(spoilt);
        Files.write(file, sound);
        host.startAgent();
        containers.run("three", "mynet");
        containers.ping("three", "one");
    }

    @Test
    void a_file_that_was_cut_in_half_is_refused(Host host) throws IOException {
        assertIsRefused(host, bytes -> Arrays.copyOf(bytes, bytes.length / 2));
    }

    @Test
    void a_file_with_one_bit_changed_is_refused(Host host) throws IOException {
        assertIsRefused(host, bytes -> {
            int place = new String(bytes, ISO_8859_1).indexOf("weft-local/");
            bytes[place] ^= 1;
            return bytes;
        });
    }

    @Test
    void a_file_of_something_else_is_refused(Host host) throws IOException {
        assertIsRefused(host, bytes -> {
            Arrays.fill(bytes, (byte) 'x');
            return bytes;
        });
    }
}
