package dev.weft.drivers.neighbors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.MacAddress;
import dev.weft.netlink.LinkChange;
import dev.weft.netlink.LinkSpec;
import dev.weft.netlink.Macvlan;
import dev.weft.netlink.PacketSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class AnnouncerKernelTest {
    private static final String OLD = "02:00:00:00:00:0a";
    private static final String NEW = "02:00:00:00:00:0b";
    private static final String ALIAS = "weft:endpoint";
    private static final InetAddress IPV4 = InetAddress.ofLiteral("192.168.1.50");
    private static final InetAddress IPV6 = InetAddress.ofLiteral("fd00::50");
    private static final AnnouncementOptions ONCE = new AnnouncementOptions(1, Duration.ofMillis(100));

    @TempDir
    private Path folder;

    private Lan lan;

    @BeforeEach
    void make() throws Exception {
        lan = Lan.make();
    }

    @AfterEach
    void remove() {
        lan.close();
    }

    private Lan.Station container(String port, String mac) throws Exception {
        var container = lan.station(port, mac, "192.168.1.50/24", "fd00::50/64");
        container.netlink.set(container.link("eth0").index(), LinkChange.none().alias(ALIAS));
        return container;
    }

    private static Announcement of(Path sandbox, AnnouncementOptions options) {
        return new Announcement(sandbox, ALIAS, List.of(IPV4, IPV6), options);
    }

    /// Whom the neighbor believes to have both addresses: each is told once it does.
    private static void awaitBelief(Lan.Station neighbor, String mac) throws InterruptedException {
        while (!neighbor.neighbor("192.168.1.50").equals(mac)
                || !neighbor.neighbor("fd00::50").equals(mac)) {
            Thread.sleep(10);
        }
    }

    private static Lan.Station believer(Lan.Station neighbor) {
        neighbor.run("ip neigh replace 192.168.1.50 lladdr " + OLD + " dev eth0 nud reachable;"
                + " ip neigh replace fd00::50 lladdr " + OLD + " dev eth0 nud reachable");
        return neighbor;
    }

    @Test
    void neighbors_forget_who_had_the_address_before() throws Exception {
        try (var announcer = new Announcer()) {
            var neighbor = believer(lan.station("third", "02:00:00:00:00:03", "192.168.1.3/24", "fd00::3/64"));
            var container = container("new", NEW);
            assertThat(neighbor.neighbor("192.168.1.50")).isEqualTo(OLD);
            assertThat(neighbor.neighbor("fd00::50")).isEqualTo(OLD);
            announcer.announce(of(container.path(), AnnouncementOptions.DEFAULT));
            awaitBelief(neighbor, NEW);
        }
    }

    @Test
    void a_container_on_a_macvlan_link_is_announced_through_the_parent() throws Exception {
        try (var announcer = new Announcer();
                var container = new Lan.Station(Lan.unnamed())) {
            var neighbor = believer(lan.station("third", "02:00:00:00:00:03", "192.168.1.3/24", "fd00::3/64"));
            var host = lan.station("host", "02:00:00:00:00:01");
            host.netlink.add(LinkSpec.of("c0", new Macvlan(Macvlan.Mode.BRIDGE))
                    .parent(host.link("eth0").index())
                    .address(MacAddress.parse(NEW))
                    .alias(ALIAS));
            host.netlink.set(host.link("c0").index(), LinkChange.none().namespace(container.namespace));
            int index = container.link("c0").index();
            container.add("c0", "192.168.1.50/24");
            container.add("c0", "fd00::50/64");
            container.netlink.set(index, LinkChange.none().up());
            announcer.announce(of(container.path(), ONCE));
            awaitBelief(neighbor, NEW);
            assertThat(lan.portOf(NEW)).isEqualTo("host");
        }
    }

    @Test
    void a_switch_learns_where_the_container_is_now() throws Exception {
        try (var announcer = new Announcer()) {
            var before = container("old", NEW);
            lan.station("third", "02:00:00:00:00:03");
            announcer.announce(of(before.path(), ONCE));
            while (!lan.portOf(NEW).equals("old")) {
                Thread.sleep(10);
            }
            before.netlink.set(before.link("eth0").index(), LinkChange.none().down());
            var after = container("new", NEW);
            announcer.announce(of(after.path(), ONCE));
            while (!lan.portOf(NEW).equals("new")) {
                Thread.sleep(10);
            }
        }
    }

    @Test
    void it_waits_for_the_sandbox_the_link_and_its_addresses() throws Exception {
        try (var announcer = new Announcer(Duration.ofMinutes(5))) {
            var neighbor = believer(lan.station("third", "02:00:00:00:00:03", "192.168.1.3/24", "fd00::3/64"));
            var sandbox = folder.resolve("0123456789ab");
            announcer.announce(of(sandbox, ONCE));
            var container = lan.station("new", NEW);
            Files.createFile(sandbox); // as engines make it, before they mount the namespace on it
            int index = container.link("eth0").index();
            container.netlink.set(index, LinkChange.none().down());
            Files.delete(sandbox);
            Files.createSymbolicLink(sandbox, container.path());
            container.netlink.set(index, LinkChange.none().alias(ALIAS));
            container.add("eth0", "192.168.1.50/24");
            container.add("eth0", "fd00::50/64");
            assertThat(neighbor.neighbor("192.168.1.50")).isEqualTo(OLD);
            container.netlink.set(index, LinkChange.none().up());
            awaitBelief(neighbor, NEW);
        }
    }

    @Test
    void each_address_is_announced_as_often_as_the_options_say() throws Exception {
        var container = container("new", NEW);
        var neighbor = lan.station("third", "02:00:00:00:00:03");
        var heard = new ArrayList<InetAddress>();
        try (var socket = neighbor.listen()) {
            try (var announcer = new Announcer()) {
                announcer.announce(of(container.path(), new AnnouncementOptions(0, Duration.ofMillis(100))));
                announcer.announce(of(container.path(), new AnnouncementOptions(2, Duration.ofMillis(100))));
                while (heard.size() < 4) {
                    heard(socket, Duration.ofMinutes(1), heard);
                }
            }
            boolean more;
            do { // all is on its way that will ever come
                more = heard(socket, Duration.ofMillis(1), heard);
            } while (more);
            assertThat(heard).containsExactlyInAnyOrder(IPV4, IPV4, IPV6, IPV6);
        }
    }

    /// Announcements alone: the kernel asks and answers for itself.
    private static boolean heard(PacketSocket socket, Duration timeout, List<InetAddress> heard) {
        var frame = socket.receive(timeout);
        frame.flatMap(received -> NeighborMessage.decode(received.bytes()))
                .filter(message -> message instanceof NeighborAdvertisement || message instanceof ArpMessage)
                .flatMap(NeighborMessage::claim)
                .filter(claim -> claim.address().equals(IPV4) || claim.address().equals(IPV6))
                .ifPresent(claim -> heard.add(claim.address()));
        return frame.isPresent();
    }

    @Test
    void sandboxes_that_are_missing_or_go_do_not_keep_it_from_others() throws Exception {
        try (var announcer = new Announcer()) {
            var neighbor = believer(lan.station("third", "02:00:00:00:00:03", "192.168.1.3/24", "fd00::3/64"));
            var container = container("new", NEW);
            int before = announcers();
            for (int i = 0; i < 200; i++) {
                announcer.announce(of(folder.resolve("missing" + i), AnnouncementOptions.DEFAULT));
            }
            announcer.announce(of(container.path(), AnnouncementOptions.DEFAULT));
            awaitBelief(neighbor, NEW);
            assertThat(announcers() - before).isBetween(1, 2);
            container.netlink.delete(container.link("eth0").index());
            var other = container("newer", OLD);
            announcer.announce(of(other.path(), ONCE));
            awaitBelief(neighbor, OLD);
        }
    }

    @Test
    void closing_leaves_no_thread_and_no_descriptor() throws Exception {
        var container = container("new", NEW);
        new Announcer().close();
        int threads = announcers();
        int files = openFiles();
        for (int i = 0; i < 5; i++) {
            var announcer = new Announcer();
            announcer.announce(of(folder.resolve("missing"), AnnouncementOptions.DEFAULT));
            announcer.announce(of(container.path(), AnnouncementOptions.DEFAULT));
            announcer.close();
            announcer.announce(of(container.path(), AnnouncementOptions.DEFAULT));
        }
        while (announcers() > threads) { // the last one says so a moment before it ends
            Thread.sleep(10);
        }
        assertThat(openFiles()).isEqualTo(files);
    }

    private static int announcers() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("announcer-"))
                .count();
    }

    private static int openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        }
    }
}
