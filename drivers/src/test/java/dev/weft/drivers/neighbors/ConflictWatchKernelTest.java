package dev.weft.drivers.neighbors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.MacAddress;
import dev.weft.netlink.LinkChange;
import dev.weft.netlink.LinkSpec;
import dev.weft.netlink.Macvlan;
import dev.weft.netlink.PacketSocket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// On a host whose parent eth0 carries the macvlan link of a container.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConflictWatchKernelTest {
    private static final MacAddress FOREIGN = MacAddress.parse("02:00:00:00:00:05");
    private static final MacAddress OURS = MacAddress.parse("02:00:00:00:00:09");
    private static final Inet4Address IPV4 = (Inet4Address) InetAddress.ofLiteral("192.168.1.50");
    private static final Inet6Address IPV6 = (Inet6Address) InetAddress.ofLiteral("fd00::50");

    /// Not one of our containers'; who claims it shows that earlier claims were heard.
    private static final Inet4Address SENTINEL = (Inet4Address) InetAddress.ofLiteral("192.168.1.99");

    private static final MacAddress SENTINEL_MAC = MacAddress.parse("02:00:00:00:00:99");
    private static final Map<String, Map<InetAddress, Set<MacAddress>>> WATCHED = Map.of(
            "eth0", Map.of(IPV4, Set.of(OURS), IPV6, Set.of(OURS), SENTINEL, Set.of(OURS)));

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private Lan lan;
    private Lan.Station host;
    private Lan.Station other;
    private ConflictWatch watch;

    @BeforeEach
    void make() throws Exception {
        lan = Lan.make();
        host = lan.station("host", "02:00:00:00:00:01");
        other = lan.station("other", FOREIGN.toString());
        host.netlink.add(macvlan());
        watch = new ConflictWatch(host.namespace, Duration.ofMinutes(10), now::get);
    }

    private LinkSpec macvlan() {
        return LinkSpec.of("c0", new Macvlan(Macvlan.Mode.BRIDGE))
                .parent(host.link("eth0").index())
                .address(OURS)
                .up();
    }

    @AfterEach
    void remove() {
        watch.close();
        lan.close();
    }

    private List<Conflict> conflicts() {
        return watch.conflicts().stream()
                .map(Sighting::conflict)
                .filter(conflict -> !conflict.address().equals(SENTINEL))
                .toList();
    }

    private boolean heardSentinel() {
        return watch.conflicts().stream()
                .anyMatch(sighting -> sighting.conflict().address().equals(SENTINEL));
    }

    /// Sends it until something is heard behind it; what comes first is heard first.
    private void sendUntilHeard(NeighborMessage... messages) {
        do {
            for (var message : messages) {
                other.send(message);
            }
            other.send(ArpMessage.announcement(SENTINEL_MAC, SENTINEL));
        } while (!heardSentinel());
        now.updateAndGet(instant -> instant.plusSeconds(1));
    }

    @Test
    void who_claims_an_address_of_ours_is_told_and_forgotten() {
        watch.watch(WATCHED);
        sendUntilHeard(
                ArpMessage.announcement(FOREIGN, IPV4), NeighborAdvertisement.announcement(FOREIGN, IPV6));
        while (conflicts().size() < 2) { // ARP and IPv6 have a socket each
            Thread.onSpinWait();
        }
        assertThat(conflicts())
                .containsExactly(new Conflict(IPV4, FOREIGN, "eth0"), new Conflict(IPV6, FOREIGN, "eth0"));
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(9)));
        assertThat(conflicts()).hasSize(2);
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(1)));
        assertThat(conflicts()).isEmpty();
    }

    @Test
    void a_claim_counts_from_when_it_was_made_last() {
        watch.watch(WATCHED);
        sendUntilHeard(ArpMessage.announcement(FOREIGN, IPV4));
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(20)));
        sendUntilHeard(ArpMessage.announcement(FOREIGN, IPV4));
        assertThat(watch.conflicts())
                .contains(new Sighting(
                        new Conflict(IPV4, FOREIGN, "eth0"), Instant.parse("2026-01-01T00:20:01Z")));
    }

    @Test
    void a_conflict_ends_with_the_address_being_ours() {
        watch.watch(WATCHED);
        sendUntilHeard(ArpMessage.announcement(FOREIGN, IPV4));
        assertThat(conflicts()).hasSize(1);
        watch.watch(Map.of("eth0", Map.of(IPV6, Set.of(OURS))));
        assertThat(watch.conflicts()).isEmpty();
    }

    @Test
    void our_own_claims_questions_and_claims_of_other_addresses_are_no_conflicts() {
        watch.watch(WATCHED);
        var theirs = (Inet4Address) InetAddress.ofLiteral("192.168.1.5");
        sendUntilHeard(
                ArpMessage.announcement(OURS, IPV4), // reflected by a switch, for VEPA
                ArpMessage.probe(FOREIGN, IPV4),
                NeighborSolicitation.probe(FOREIGN, IPV6),
                ArpMessage.announcement(FOREIGN, theirs));
        assertThat(conflicts()).isEmpty();
    }

    /// Even if it has another MAC address than we believe.
    @Test
    void what_our_containers_send_through_the_parent_is_not_heard() {
        host.netlink.set(
                host.link("c0").index(), LinkChange.none().address(MacAddress.parse("02:00:00:00:00:77")));
        watch.watch(WATCHED);
        sendUntilHeard();
        try (var heardThere = other.listen();
                var socket = PacketSocket.open(host.namespace, Set.of(), null)) {
            for (String link : new String[] {"c0", "eth0"}) {
                int index = host.link(link).index();
                socket.attach(index);
                socket.send(index, ArpMessage.announcement(FOREIGN, IPV4).toFrame());
                assertThat(NeighborMessage.decode(heardThere
                                .receive(Duration.ofMinutes(1))
                                .orElseThrow()
                                .bytes()))
                        .contains(ArpMessage.announcement(FOREIGN, IPV4));
            }
        }
        watch.watch(WATCHED);
        sendUntilHeard();
        assertThat(conflicts()).isEmpty();
    }

    @Test
    void a_parent_is_heard_again_after_it_was_down() {
        watch.watch(WATCHED);
        sendUntilHeard();
        int index = host.link("eth0").index();
        host.netlink.set(index, LinkChange.none().down());
        host.netlink.set(index, LinkChange.none().up());
        do {
            other.send(ArpMessage.announcement(FOREIGN, IPV4));
        } while (conflicts().isEmpty());
    }

    @Test
    void a_parent_is_heard_when_it_comes_and_when_it_comes_again() {
        watch.watch(Map.of("eth0", Map.of(IPV4, Set.of(OURS)), "eth1", Map.of(IPV4, Set.of(OURS))));
        for (String name : new String[] {"eth1", "eth0"}) {
            host.netlink.delete(host.link("eth0").index());
            lan.plug(host, "host-" + name, "02:00:00:00:00:01");
            if (!name.equals("eth0")) {
                host.netlink.set(
                        host.link("eth0").index(), LinkChange.none().down().name(name));
                host.netlink.set(host.link(name).index(), LinkChange.none().up());
            }
            do {
                other.send(ArpMessage.announcement(FOREIGN, IPV4));
            } while (!conflicts().contains(new Conflict(IPV4, FOREIGN, name)));
            if (!name.equals("eth0")) {
                host.netlink.set(
                        host.link(name).index(), LinkChange.none().down().name("eth0"));
            }
        }
    }

    @Test
    void there_are_threads_and_sockets_only_while_there_is_something_to_watch() throws Exception {
        watch.watch(Map.of());
        watch.watch(WATCHED);
        watch.watch(Map.of());
        int threads = watchers();
        int files = openFiles();
        for (int i = 0; i < 5; i++) {
            watch.watch(WATCHED);
            watch.watch(WATCHED);
            assertThat(watchers()).isEqualTo(threads + 1);
            watch.watch(Map.of());
            assertThat(watchers()).isEqualTo(threads);
        }
        watch.watch(WATCHED);
        watch.close();
        watch.watch(WATCHED);
        assertThat(watchers()).isEqualTo(threads);
        assertThat(openFiles()).isEqualTo(files);
    }

    private static int watchers() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("neighbor-watch"))
                .count();
    }

    private static int openFiles() throws Exception {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        }
    }
}
