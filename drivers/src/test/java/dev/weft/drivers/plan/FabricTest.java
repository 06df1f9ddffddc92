package dev.weft.drivers.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.netlink.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
