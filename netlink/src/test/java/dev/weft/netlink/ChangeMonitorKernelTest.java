package dev.weft.netlink;

import static dev.weft.netlink.ChangeMonitor.Subject.ADDRESSES;
import static dev.weft.netlink.ChangeMonitor.Subject.FDB;
import static dev.weft.netlink.ChangeMonitor.Subject.LINKS;
import static dev.weft.netlink.ChangeMonitor.Subject.NEIGHBORS;
import static dev.weft.netlink.ChangeMonitor.Subject.ROUTES;
import static dev.weft.netlink.ChangeMonitor.Subject.TRAFFIC_CONTROL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class ChangeMonitorKernelTest {
    private static final MacAddress SEVEN = MacAddress.parse("02:00:00:00:00:07");

    @RegisterExtension
    private final TestNamespaces namespaces = new TestNamespaces();

    private final BlockingQueue<Set<ChangeMonitor.Subject>> notices = new LinkedBlockingQueue<>();

    /// Waits until a change of the subject was told, past others.
    private boolean told(ChangeMonitor.Subject subject) throws InterruptedException {
        Set<ChangeMonitor.Subject> what;
        do {
            what = notices.poll(1, TimeUnit.MINUTES);
        } while (what != null && !what.contains(subject));
        notices.clear();
        return what != null;
    }

    private ChangeMonitor watch(NetworkNamespace here, ChangeMonitor.Subject... subjects) {
        return ChangeMonitor.open(here, Set.of(subjects), notices::add);
    }

    @Test
    void it_tells_that_a_link_was_made_changed_and_removed() throws InterruptedException {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here);
                var _ = watch(here, LINKS)) {
            netlink.add(LinkSpec.of("br0", Bridge.defaults()));
            assertThat(told(LINKS)).isTrue();
            int bridge = netlink.link("br0").orElseThrow().index();
            netlink.set(bridge, LinkChange.none().mtu(1400));
            assertThat(told(LINKS)).isTrue();
            netlink.delete(bridge);
            assertThat(told(LINKS)).isTrue();
        }
    }

    @Test
    void it_tells_that_a_flag_of_a_bridge_port_was_changed() throws InterruptedException {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            netlink.add(LinkSpec.of("br0", Bridge.defaults()));
            int bridge = netlink.link("br0").orElseThrow().index();
            netlink.add(LinkSpec.of("c0", new Veth(LinkSpec.peer("p0"))).master(bridge));
            int port = netlink.link("c0").orElseThrow().index();
            try (var _ = watch(here, LINKS)) {
                netlink.setBridgePort(port, Map.of(BridgePort.Flag.ISOLATED, true));
                assertThat(told(LINKS)).isTrue();
            }
        }
    }

    @Test
    void it_tells_addresses_of_both_versions() throws InterruptedException {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here);
                var _ = watch(here, ADDRESSES)) {
            int index = bridgeUp(netlink);
            for (String address : new String[] {"10.1.0.1/24", "fd00::1/64"}) {
                notices.clear();
                var own = Address.of(index, Cidr.parse(address)).withoutDuplicateDetection();
                netlink.addAddress(own);
                assertThat(told(ADDRESSES)).isTrue();
                netlink.deleteAddress(own);
                assertThat(told(ADDRESSES)).isTrue();
            }
        }
    }

    @Test
    void it_tells_routes_of_both_versions() throws InterruptedException {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here);
                var _ = watch(here, ROUTES)) {
            int index = bridgeUp(netlink);
            for (String destination : new String[] {"10.2.0.0/16", "fd02::/64"}) {
                notices.clear();
                var route = Route.direct(Subnet.parse(destination), index);
                netlink.addRoute(route);
                assertThat(told(ROUTES)).isTrue();
                netlink.deleteRoute(route);
                assertThat(told(ROUTES)).isTrue();
            }
        }
    }

    @Test
    void it_tells_neighbors_and_FDB_entries_apart() throws InterruptedException {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = bridgeUp(netlink);
            netlink.add(LinkSpec.of("c0", new Veth(LinkSpec.peer("p0"))).master(index));
            int port = netlink.link("c0").orElseThrow().index();
            try (var _ = watch(here, NEIGHBORS, FDB)) {
                var neighbor = Neighbor.permanent(index, InetAddress.ofLiteral("10.1.0.7"), SEVEN);
                netlink.addNeighbor(neighbor);
                assertThat(notices.poll(1, TimeUnit.MINUTES)).containsExactly(NEIGHBORS);
                netlink.deleteNeighbor(neighbor);
                assertThat(told(NEIGHBORS)).isTrue();
                netlink.addFdb(FdbEntry.port(port, SEVEN));
                assertThat(told(FDB)).isTrue();
                netlink.deleteFdb(FdbEntry.port(port, SEVEN));
                assertThat(told(FDB)).isTrue();
            }
        }
    }

    @Test
    void it_tells_qdiscs_and_filters() throws InterruptedException {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = bridgeUp(netlink);
            try (var _ = watch(here, TRAFFIC_CONTROL)) {
                netlink.addQdisc(Qdisc.ingress(index));
                assertThat(told(TRAFFIC_CONTROL)).isTrue();
                netlink.addFilter(Filter.redirectReceived(index, index));
                assertThat(told(TRAFFIC_CONTROL)).isTrue();
                netlink.deleteFilter(Filter.redirectReceived(index, index));
                assertThat(told(TRAFFIC_CONTROL)).isTrue();
                netlink.deleteQdisc(Qdisc.ingress(index));
                assertThat(told(TRAFFIC_CONTROL)).isTrue();
            }
        }
    }

    @Test
    void it_tells_nothing_of_what_was_not_asked_for() throws InterruptedException {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here);
                var _ = watch(here, FDB, ROUTES)) {
            int index = bridgeUp(netlink);
            netlink.addNeighbor(Neighbor.permanent(index, InetAddress.ofLiteral("10.1.0.7"), SEVEN));
            netlink.addRoute(Route.direct(Subnet.parse("10.2.0.0/16"), index));
            Set<ChangeMonitor.Subject> seen = EnumSet.noneOf(ChangeMonitor.Subject.class);
            do {
                seen.addAll(notices.poll(1, TimeUnit.MINUTES));
            } while (!seen.contains(ROUTES) || !notices.isEmpty());
            assertThat(seen).isSubsetOf(FDB, ROUTES);
        }
    }

    @Test
    void when_notices_were_lost_it_tells_that_everything_may_have_changed() throws InterruptedException {
        var busy = new CountDownLatch(1);
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            netlink.add(LinkSpec.of("br0", Bridge.defaults()));
            int bridge = netlink.link("br0").orElseThrow().index();
            try (var _ = ChangeMonitor.open(here, Set.of(LINKS, ROUTES, TRAFFIC_CONTROL), what -> {
                notices.add(what);
                await(busy);
            })) {
                // More than the queue of 1 MiB holds, while the listener is still at the first.
                for (int i = 0; i < 3000; i++) {
                    netlink.set(bridge, LinkChange.none().mtu(1400 + i % 2));
                }
                busy.countDown();
                Set<ChangeMonitor.Subject> what;
                do {
                    what = notices.poll(1, TimeUnit.MINUTES);
                    assertThat(what).isNotNull();
                } while (what.size() == 1);
                assertThat(what).containsExactlyInAnyOrder(LINKS, ROUTES, TRAFFIC_CONTROL);
            } finally {
                busy.countDown();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private static int bridgeUp(Netlink netlink) {
        netlink.add(LinkSpec.of("br0", Bridge.defaults()).up());
        return netlink.link("br0").orElseThrow().index();
    }

    @Test
    void closed_it_tells_nothing_more() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            var monitor = watch(here, LINKS);
            monitor.close();
            monitor.close();
            netlink.add(LinkSpec.of("br0", Bridge.defaults()));
            assertThat(notices).isEmpty();
        }
    }

    @Test
    void a_namespace_that_is_closed_cannot_be_watched() {
        var here = namespaces.create();
        here.close();
        assertThatThrownBy(() -> watch(here, LINKS)).hasMessageContaining("is closed");
    }
}
