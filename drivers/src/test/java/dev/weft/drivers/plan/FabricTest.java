package dev.weft.drivers.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.netlink.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class FabricTest {
    private final String name = "weft-test-" + ProcessHandle.current().pid() + "-fabric";

    @BeforeEach
    void needsRoot() {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "making network namespaces needs root; run with sudo");
    }

    @AfterEach
    void remove() throws IOException {
        NetworkNamespace.unpin(name);
        Files.deleteIfExists(Path.of("/run/weft", "fabric-" + name + ".lock"));
    }

    @Test
    void it_outlives_its_agent_and_its_links_take_no_addresses() throws IOException {
        NetworkNamespace first;
        try (var fabric = Fabric.open(name)) {
            first = NetworkNamespace.named(name);
            assertThat(fabric.settle()).isEmpty();
        }
        try (var fabric = Fabric.open(name);
                first) {
            assertThat(fabric.namespace().sameAs(first)).isTrue();
            assertThat(fabric.namespace()
                            .call(() -> new String(
                                    Files.readAllBytes(Path.of("/proc/sys/net/ipv6/conf/default/disable_ipv6")))))
                    .startsWith("1");
        }
    }

    @Test
    void a_pin_that_is_taken_away_is_put_back() {
        try (var fabric = Fabric.open(name)) {
            NetworkNamespace.unpin(name);
            assertThat(fabric.settle()).isEmpty();
            try (var pinned = NetworkNamespace.named(name)) {
                assertThat(pinned.sameAs(fabric.namespace())).isTrue();
            }
        }
    }

    @Test
    void another_namespace_in_its_place_is_told_and_left_alone() {
        try (var fabric = Fabric.open(name)) {
            NetworkNamespace.unpin(name);
            try (var other = NetworkNamespace.pin(name)) {
                assertThat(fabric.settle())
                        .containsExactly("/run/netns/" + name + " is another network namespace than the one with"
                                + " Weft's bridges; containers lose their networks when the agent stops. Remove it:"
                                + " ip netns del " + name);
                try (var still = NetworkNamespace.named(name)) {
                    assertThat(still.sameAs(other)).isTrue();
                }
            }
        }
    }

    @Test
    void the_hosts_own_namespace_is_refused() {
        try (var host = NetworkNamespace.current()) {
            host.pinAs(name);
        }
        assertThatThrownBy(() -> Fabric.open(name))
                .isInstanceOf(FabricInUse.class)
                .hasMessage("/run/netns/" + name + " is the host's own network namespace, which Weft leaves alone."
                        + " Give the agent another --fabric.");
    }

    @Test
    void it_is_made_for_an_agent_that_cannot_and_kept_where_it_is() {
        assertThat(Fabric.ensure(name)).isEqualTo(Fabric.Pin.MADE);
        try (var made = NetworkNamespace.named(name)) {
            assertThat(Fabric.ensure(name)).isEqualTo(Fabric.Pin.KEPT);
            try (var fabric = Fabric.open(name)) {
                assertThat(fabric.namespace().sameAs(made)).isTrue();
                assertThat(Fabric.ensure(name)).isEqualTo(Fabric.Pin.KEPT);
            }
        }
    }

    @Test
    void the_namespace_that_an_agent_holds_is_pinned_again_and_no_other() {
        try (var fabric = Fabric.open(name)) {
            NetworkNamespace.unpin(name);
            assertThat(Fabric.ensure(name)).isEqualTo(Fabric.Pin.RESTORED);
            try (var pinned = NetworkNamespace.named(name)) {
                assertThat(pinned.sameAs(fabric.namespace())).isTrue();
            }
        }
    }

    @Test
    void another_namespace_in_the_place_of_an_agents_is_left_alone() {
        try (var _ = Fabric.open(name)) {
            NetworkNamespace.unpin(name);
            try (var _ = NetworkNamespace.pin(name)) {
                assertThatThrownBy(() -> Fabric.ensure(name))
                        .isInstanceOf(FabricInUse.class)
                        .hasMessage("/run/netns/" + name + " is another network namespace than the one with Weft's"
                                + " bridges; containers lose their networks when the agent stops. Remove it: ip netns"
                                + " del " + name + ", then run 'weft fabric' again.");
            }
        }
    }

    @Test
    void the_claim_of_an_agent_that_has_ended_is_not_believed() {
        Fabric.open(name).close();
        NetworkNamespace.unpin(name);
        assertThat(Fabric.ensure(name)).isEqualTo(Fabric.Pin.MADE);
    }

    /// As in the sandbox that systemd makes: mounts come in from outside, and none go out.
    @Test
    void in_a_sandbox_it_is_opened_and_its_loss_is_told_with_what_to_do() throws Exception {
        assertThat(inSandbox())
                .isEqualTo("there is no network namespace " + name + ", and the agent can make none that lasts from"
                        + " inside the sandbox of its service. Run 'weft fabric'.");
        NetworkNamespace.pin(name).close();
        assertThat(inSandbox())
                .isEqualTo("[]\n[/run/netns/" + name + " is gone, and the agent cannot bring it back from"
                        + " inside the sandbox of its service; containers lose their networks when the agent stops."
                        + " Run 'weft fabric']\n[]");
    }

    private String inSandbox() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--propagation",
                        "slave",
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sandboxed.class.getName(),
                        name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var said = process.inputReader();
                var answers = process.outputWriter()) {
            var lines = new ArrayList<String>();
            for (var line = said.readLine(); line != null; line = said.readLine()) {
                if (line.equals("unpin")) {
                    NetworkNamespace.unpin(name);
                } else if (line.equals("ensure")) {
                    assertThat(Fabric.ensure(name)).isEqualTo(Fabric.Pin.RESTORED);
                } else {
                    lines.add(line);
                    continue;
                }
                answers.write("done\n");
                answers.flush();
            }
            process.waitFor();
            return String.join("\n", lines);
        } finally {
            process.destroyForcibly();
        }
    }

    static final class Sandboxed {
        public static void main(String[] arguments) throws IOException {
            try (var fabric = Fabric.open(arguments[0])) {
                System.out.println(fabric.settle());
                askOutside("unpin");
                System.out.println(fabric.settle());
                askOutside("ensure");
                System.out.println(fabric.settle());
            } catch (FabricMissing missing) {
                System.out.println(missing.getMessage());
            }
        }

        private static void askOutside(String what) throws IOException {
            System.out.println(what);
            while (System.in.read() != '\n') {}
        }
    }
}
