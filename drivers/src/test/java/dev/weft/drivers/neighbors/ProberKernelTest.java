package dev.weft.drivers.neighbors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.MacAddress;
import dev.weft.netlink.LinkChange;
import dev.weft.netlink.LinkSpec;
import dev.weft.netlink.Macvlan;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// On a host whose parent eth0 carries a macvlan link, probe0.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProberKernelTest {
    private static final MacAddress HOLDER = MacAddress.parse("02:00:00:00:00:05");
    private static final Inet4Address TAKEN4 = (Inet4Address) InetAddress.ofLiteral("192.168.1.50");
    private static final Inet6Address TAKEN6 = (Inet6Address) InetAddress.ofLiteral("fd00::50");
    private static final Inet4Address FREE4 = (Inet4Address) InetAddress.ofLiteral("192.168.1.60");
    private static final Inet6Address FREE6 = (Inet6Address) InetAddress.ofLiteral("fd00::60");

    private Lan lan;
    private Lan.Station host;
    private Lan.Station other;
    private Prober prober;

    @BeforeEach
    void make() throws Exception {
        lan = Lan.make();
        host = lan.station("host", "02:00:00:00:00:01");
        other = lan.station("other", HOLDER.toString(), "192.168.1.50/24", "fd00::50/64");
        host.netlink.add(LinkSpec.of("probe0", new Macvlan(Macvlan.Mode.BRIDGE))
                .parent(host.link("eth0").index())
                .up());
        prober = new Prober(host.namespace, new Random(1));
    }

    @AfterEach
    void remove() {
        lan.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"eth0", "probe0"})
    void who_has_an_address_is_found_among_addresses_that_are_free(String link) {
        assertThat(prober.probe(link, List.of(FREE4, TAKEN4), Set.of(), Probe.FAST))
                .contains(new Conflict(TAKEN4, HOLDER, link));
        assertThat(prober.probe(link, List.of(FREE4, FREE6, TAKEN6), Set.of(), Probe.FAST))
                .contains(new Conflict(TAKEN6, HOLDER, link));
    }

    @ParameterizedTest
    @ValueSource(strings = {"eth0", "probe0"})
    void addresses_that_nobody_has_are_free(String link) {
        assertThat(prober.probe(link, List.of(FREE4, FREE6), Set.of(), Probe.FAST))
                .isEmpty();
    }

    @Test
    void a_macvlan_link_finds_its_siblings() {
        host.netlink.add(LinkSpec.of("sibling", new Macvlan(Macvlan.Mode.BRIDGE))
                .parent(host.link("eth0").index())
                .up());
        host.add("sibling", "192.168.1.60/24");
        assertThat(prober.probe("probe0", List.of(FREE4), Set.of(), Probe.FAST))
                .contains(new Conflict(FREE4, host.link("sibling").address(), "probe0"));
    }

    @Test
    void addresses_of_the_link_itself_are_not_free() {
        host.add("eth0", "192.168.1.60/24");
        assertThat(prober.probe("eth0", List.of(FREE4), Set.of(), Probe.FAST))
                .contains(new Conflict(FREE4, host.link("eth0").address(), "eth0"));
    }

    @Test
    void what_is_ours_is_no_conflict() {
        assertThat(prober.probe("eth0", List.of(TAKEN4, TAKEN6), Set.of(HOLDER), Probe.FAST))
                .isEmpty();
    }

    @Test
    void without_probing_nothing_is_found() {
        assertThat(prober.probe("eth0", List.of(TAKEN4, TAKEN6), Set.of(), Probe.OFF))
                .isEmpty();
    }

    @Test
    void another_who_asks_at_the_same_time_is_found() throws Exception {
        for (var message : List.of(ArpMessage.probe(HOLDER, FREE4), NeighborSolicitation.probe(HOLDER, FREE6))) {
            var enough = new AtomicBoolean();
            var asking = Thread.ofPlatform().start(() -> {
                while (!enough.get()) {
                    other.send(message);
                }
            });
            try {
                var address = message.claim().orElseThrow().address();
                assertThat(prober.probe("probe0", List.of(address), Set.of(), Probe.FAST))
                        .contains(new Conflict(address, HOLDER, "probe0"));
            } finally {
                enough.set(true);
                asking.join();
            }
        }
    }

    @Test
    void the_long_probe_finds_too_and_hears_nobody_where_nobody_is() {
        assertThat(prober.probe("probe0", List.of(TAKEN4, FREE6), Set.of(), Probe.RFC))
                .contains(new Conflict(TAKEN4, HOLDER, "probe0"));
        assertThat(prober.probe("probe0", List.of(FREE4, FREE6), Set.of(), Probe.RFC))
                .isEmpty();
    }

    @Test
    void a_link_that_carries_nothing_is_not_asked() {
        assertThat(prober.probe("missing", List.of(TAKEN4), Set.of(), Probe.FAST))
                .isEmpty();
        lan.disable("host");
        assertThat(host.link("eth0").carrier()).isFalse();
        assertThat(prober.probe("eth0", List.of(TAKEN4), Set.of(), Probe.FAST)).isEmpty();
        host.netlink.set(host.link("eth0").index(), LinkChange.none().down());
        assertThat(prober.probe("eth0", List.of(TAKEN4), Set.of(), Probe.FAST)).isEmpty();
    }

    @Test
    void no_descriptor_is_left_open() throws Exception {
        prober.probe("eth0", List.of(TAKEN4), Set.of(), Probe.FAST);
        int before = openFiles();
        for (int i = 0; i < 10; i++) {
            prober.probe("eth0", List.of(TAKEN4), Set.of(), Probe.FAST);
            prober.probe("missing", List.of(TAKEN4), Set.of(), Probe.FAST);
        }
        assertThat(openFiles()).isEqualTo(before);
    }

    private static int openFiles() throws Exception {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        }
    }
}
