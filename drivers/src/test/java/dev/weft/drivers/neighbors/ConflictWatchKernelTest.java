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
import java.util.Optional;
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

    /// Who claims both addresses to show that what was sent before was heard.
    private static final MacAddress SENTINEL = MacAddress.parse("02:00:00:00:00:99");

    private static final Map<String, Map<InetAddress, Set<MacAddress>>> WATCHED =
            Map.of("eth0", Map.of(IPV4, Set.of(OURS), IPV6, Set.of(OURS)));

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
                .filter(conflict -> !conflict.holder().equals(SENTINEL))
                .toList();
    }

    /// Waits until the parent is listened to, and returns when all that was sent has been heard.
    private void heard(NeighborMessage... messages) {
        awaitSentinels();
        for (var message : messages) {
            other.send(message);
        }
        awaitSentinels();
    }

    /// ARP and IPv6 have a socket each.
    private void awaitSentinels() {
        var start = now.updateAndGet(instant -> instant.plusSeconds(1));
        do {
            other.send(ArpMessage.announcement(SENTINEL, IPV4));
            other.send(NeighborAdvertisement.announcement(SENTINEL, IPV6));
        } while (watch.conflicts().stream()
                        .filter(sighting -> sighting.conflict().holder().equals(SENTINEL)
                                && sighting.lastSeen().equals(start))
                        .count()
                < 2);
    }

    @Test
    void who_claims_an_address_of_ours_is_told_and_forgotten() {
        watch.watch(WATCHED);
        heard(ArpMessage.announcement(FOREIGN, IPV4), NeighborAdvertisement.announcement(FOREIGN, IPV6));
        assertThat(conflicts())
                .containsExactly(new Conflict(IPV4, FOREIGN, "eth0"), new Conflict(IPV6, FOREIGN, "eth0"));
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(9)));
        assertThat(conflicts()).hasSize(2);
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(2)));
        assertThat(watch.conflicts()).isEmpty();
    }

    @Test
    void a_claim_counts_from_when_it_was_made_last() {
        watch.watch(WATCHED);
        heard(ArpMessage.announcement(FOREIGN, IPV4));
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(9)));
        heard(ArpMessage.announcement(FOREIGN, IPV4));
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(9)));
        assertThat(watch.conflicts()).hasSize(3).first().satisfies(sighting -> {
            assertThat(sighting.conflict()).isEqualTo(new Conflict(IPV4, FOREIGN, "eth0"));
            assertThat(sighting.lastSeen()).isAfter(Instant.parse("2026-01-01T00:09:00Z"));
        });
    }

    @Test
    void a_conflict_ends_with_the_address_being_ours() {
        watch.watch(WATCHED);
        heard(ArpMessage.announcement(FOREIGN, IPV4));
        assertThat(conflicts()).hasSize(1);
        watch.watch(Map.of("eth0", Map.of(IPV6, Set.of(OURS))));
        assertThat(conflicts()).isEmpty();
    }

    @Test
    void our_own_claims_questions_and_claims_of_other_addresses_are_no_conflicts() {
        watch.watch(WATCHED);
        var theirs = (Inet4Address) InetAddress.ofLiteral("192.168.1.5");
        heard(
                ArpMessage.announcement(OURS, IPV4), // reflected by a switch, for VEPA
                ArpMessage.probe(FOREIGN, IPV4),
                NeighborSolicitation.probe(FOREIGN, IPV6),
                ArpMessage.announcement(FOREIGN, theirs));
        assertThat(conflicts()).isEmpty();
    }

    /// Even if it has another MAC address than we believe.
    @Test
    void what_our_containers_send_through_the_parent_is_not_heard() {
        host.netlink.set(host.link("c0").index(), LinkChange.none().address(MacAddress.parse("02:00:00:00:00:77")));
        watch.watch(WATCHED);
        heard();
        try (var heardThere = other.listen();
                var socket = PacketSocket.open(host.namespace, Set.of(), null)) {
            for (String link : new String[] {"c0", "eth0"}) {
                int index = host.link(link).index();
                socket.attach(index);
                socket.send(index, ArpMessage.announcement(FOREIGN, IPV4).toFrame());
                var arrived = Optional.<NeighborMessage>empty();
                while (!arrived.equals(Optional.of(ArpMessage.announcement(FOREIGN, IPV4)))) {
                    arrived = NeighborMessage.decode(heardThere
                            .receive(Duration.ofMinutes(1))
                            .orElseThrow()
                            .bytes());
                }
            }
        }
        heard();
        assertThat(conflicts()).isEmpty();
    }

    @Test
    void a_parent_is_heard_again_after_it_was_down() {
        watch.watch(WATCHED);
        heard();
        int index = host.link("eth0").index();
        host.netlink.set(index, LinkChange.none().down());
        host.netlink.set(index, LinkChange.none().up());
        awaitConflictOn("eth0");
    }

    @Test
    void a_parent_is_heard_when_it_comes_again_and_under_another_name() {
        watch.watch(Map.of("eth0", Map.of(IPV4, Set.of(OURS)), "eth1", Map.of(IPV4, Set.of(OURS))));
        host.netlink.delete(host.link("eth0").index());
        lan.plug(host, "again", "02:00:00:00:00:01");
        awaitConflictOn("eth0");
        int index = host.link("eth0").index();
        host.netlink.set(index, LinkChange.none().down());
        host.netlink.set(index, LinkChange.none().name("eth1"));
        host.netlink.set(index, LinkChange.none().up());
        awaitConflictOn("eth1");
    }

    private void awaitConflictOn(String link) {
        do {
            other.send(ArpMessage.announcement(FOREIGN, IPV4));
        } while (!conflicts().contains(new Conflict(IPV4, FOREIGN, link)));
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
