package dev.weft.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.MacAddress;
import dev.weft.inet.Vni;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Many things at once: batches, big tables that change while they are read, many callers.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class LoadKernelTest {
    private static final InetAddress HOST = InetAddress.ofLiteral("10.0.0.2");

    @RegisterExtension
    private final TestNamespaces namespaces = new TestNamespaces();

    private static int vxlan(Netlink netlink) {
        netlink.add(LinkSpec.of("vx0", Vxlan.of(new Vni(5)).learning(false)));
        return netlink.link("vx0").orElseThrow().index();
    }

    private static FdbEntry entry(int index, int number) {
        return FdbEntry.tunnel(index, new MacAddress(0x020000000000L + number), HOST);
    }

    private static List<FdbEntry> entries(int index, int from, int to) {
        var entries = new ArrayList<FdbEntry>();
        for (int number = from; number < to; number++) {
            entries.add(entry(index, number));
        }
        return entries;
    }

    @Test
    void five_thousand_entries_are_added_read_and_deleted_in_batches() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = vxlan(netlink);
            var entries = entries(index, 0, 5000);
            netlink.send(entries.stream().map(Request::addFdb).toList());
            assertThat(netlink.fdb(index)).hasSize(5000).containsAll(entries);
            assertThat(TestNamespaces.run(here, "bridge", "fdb", "show", "dev", "vx0")
                            .lines())
                    .hasSize(5000);
            netlink.send(entries.stream().map(Request::deleteFdb).toList());
            assertThat(netlink.fdb(index)).isEmpty();
        }
    }

    @Test
    void each_refusal_in_a_batch_is_named_and_the_rest_is_done() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = vxlan(netlink);
            netlink.addFdb(entry(index, 17));
            netlink.addFdb(entry(index, 999));
            var requests = entries(index, 0, 1000).stream().map(Request::addFdb).toList();
            var refusals = netlink.attempt(requests);
            assertThat(refusals).containsOnlyKeys(17, 999);
            assertThat(refusals.get(17))
                    .hasMessage("cannot add FDB entry 02:00:00:00:00:11 to 10.0.0.2 on link " + index
                            + " (self): File exists (EEXIST)");
            assertThat(netlink.fdb(index)).hasSize(1000);
        }
    }

    @Test
    void a_batch_of_which_all_is_refused_overflows_nothing() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = vxlan(netlink);
            var requests = entries(index, 0, 4000).stream().map(Request::addFdb).toList();
            netlink.send(requests);
            assertThat(netlink.attempt(requests)).hasSize(4000);
            assertThatThrownBy(() -> netlink.send(requests))
                    .isInstanceOf(NetlinkException.class)
                    .hasMessageStartingWith("cannot add FDB entry 02:00:00:00:00:00 to ")
                    .satisfies(first -> assertThat(first.getSuppressed()).hasSize(3999));
            assertThat(netlink.links()).hasSize(2);
        }
    }

    @Test
    void an_empty_batch_does_nothing() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            netlink.send(List.of());
            assertThat(netlink.attempt(List.of())).isEmpty();
        }
    }

    @Test
    void no_link_that_stays_is_missed_while_others_come_and_go() throws Exception {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here);
                var other = Netlink.open(here)) {
            var made = new ArrayList<Request>();
            for (int i = 0; i < 1000; i++) {
                made.add(Request.addLink(LinkSpec.of("br" + i, Bridge.defaults())));
            }
            netlink.send(made);
            var stop = new AtomicBoolean();
            try (var threads = Executors.newSingleThreadExecutor()) {
                Future<Integer> churn = threads.submit(() -> {
                    int rounds = 0;
                    for (; !stop.get(); rounds++) {
                        other.add(LinkSpec.of("c0", new Veth(LinkSpec.peer("p0"))));
                        other.delete(other.link("c0").orElseThrow().index());
                    }
                    return rounds;
                });
                try {
                    for (int reading = 0; reading < 20; reading++) {
                        var links = netlink.links();
                        var names = new HashSet<String>();
                        links.forEach(link -> names.add(link.name()));
                        assertThat(names).as("no link twice").hasSameSizeAs(links);
                        for (int i = 0; i < 1000; i++) {
                            assertThat(names).contains("br" + i);
                        }
                        // A cable is there with both ends or not at all: the list is of one moment.
                        assertThat(names.contains("c0")).isEqualTo(names.contains("p0"));
                    }
                } finally {
                    stop.set(true);
                }
                assertThat(churn.get()).isPositive();
            }
        }
    }

    @Test
    void no_FDB_entry_that_stays_is_missed_while_others_come_and_go() throws Exception {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here);
                var other = Netlink.open(here)) {
            int index = vxlan(netlink);
            var stable = entries(index, 0, 1500);
            netlink.send(stable.stream().map(Request::addFdb).toList());
            var passing = entries(index, 10_000, 10_500);
            var stop = new AtomicBoolean();
            try (var threads = Executors.newSingleThreadExecutor()) {
                Future<Integer> churn = threads.submit(() -> {
                    int rounds = 0;
                    for (; !stop.get(); rounds++) {
                        other.send(passing.stream().map(Request::addFdb).toList());
                        other.send(passing.stream().map(Request::deleteFdb).toList());
                        Thread.sleep(20); // without any rest, no reading can be whole
                    }
                    return rounds;
                });
                try {
                    for (int reading = 0; reading < 50; reading++) {
                        var found = new HashSet<>(netlink.fdb(index));
                        assertThat(found.containsAll(stable)).isTrue();
                        found.removeAll(stable);
                        assertThat(passing).containsAll(found);
                    }
                } finally {
                    stop.set(true);
                }
                assertThat(churn.get()).isPositive();
            }
        }
    }

    @Test
    void many_threads_share_a_connection() throws Exception {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int index = vxlan(netlink);
            var callers = new ArrayList<Future<?>>();
            for (int caller = 0; caller < 50; caller++) {
                int first = caller * 100;
                callers.add(threads.submit(() -> {
                    for (int number = first; number < first + 20; number++) {
                        netlink.addFdb(entry(index, number));
                        assertThat(netlink.link(index).orElseThrow().name()).isEqualTo("vx0");
                        assertThat(netlink.link("nosuch")).isEmpty();
                        assertThatThrownBy(() -> netlink.delete(4711)).hasMessageContaining("delete link 4711");
                    }
                }));
            }
            for (var caller : callers) {
                caller.get();
            }
            assertThat(netlink.fdb(index)).hasSize(1000);
        }
    }

    @Test
    void an_interrupted_caller_gets_its_answer_and_stays_interrupted() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            Thread.currentThread().interrupt();
            netlink.add(LinkSpec.of("br0", Bridge.defaults()));
            assertThat(netlink.link("br0")).isPresent();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(netlink.links()).hasSize(2);
        }
    }

    @Test
    void closing_under_load_fails_the_callers_with_a_sentence() throws Exception {
        try (var here = namespaces.create();
                var threads = Executors.newCachedThreadPool()) {
            for (int round = 0; round < 20; round++) {
                var netlink = Netlink.open(here);
                var callers = new ArrayList<Future<String>>();
                for (int caller = 0; caller < 8; caller++) {
                    callers.add(threads.submit(() -> {
                        try {
                            while (true) {
                                netlink.links();
                            }
                        } catch (NetlinkException refusal) {
                            return refusal.getMessage();
                        }
                    }));
                }
                netlink.links();
                netlink.close();
                for (var caller : callers) {
                    assertThat(caller.get()).startsWith("cannot list links: the connection was closed");
                }
                netlink.close();
                assertThatThrownBy(netlink::links).hasMessage("cannot list links: the connection was closed");
            }
        }
    }
}
