package dev.weft.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class NetworkNamespaceKernelTest {
    @RegisterExtension
    private final TestNamespaces namespaces = new TestNamespaces();

    @Test
    void a_pinned_namespace_is_found_by_name_path_and_descriptor() throws IOException {
        String name = namespaces.name();
        assertThat(NetworkNamespace.exists(name)).isFalse();
        try (var pinned = NetworkNamespace.pin(name);
                var named = NetworkNamespace.named(name);
                var again = NetworkNamespace.pin(name);
                var at = NetworkNamespace.at(Path.of("/run/netns", name));
                var byDescriptor = NetworkNamespace.ofDescriptor(pinned.descriptor());
                var current = NetworkNamespace.current()) {
            assertThat(NetworkNamespace.exists(name)).isTrue();
            assertThat(List.of(named, again, at, byDescriptor)).allMatch(pinned::sameAs);
            assertThat(byDescriptor.descriptor()).isNotEqualTo(pinned.descriptor());
            assertThat(pinned.sameAs(current)).isFalse();
            assertThat(run("ip", "netns", "list")).contains(name);
            assertThat(run("ip", "-n", name, "-j", "link", "show")).contains("\"ifname\":\"lo\"");
        }
    }

    @Test
    void a_namespace_made_by_ip_netns_is_opened_and_unpinned() throws IOException {
        String name = namespaces.name();
        run("ip", "netns", "add", name);
        NetworkNamespace.named(name).close();
        NetworkNamespace.pin(name).close();
        assertThat(NetworkNamespace.unpin(name)).isTrue();
        assertThat(run("ip", "netns", "list")).doesNotContain(name);
    }

    @Test
    void one_pinned_by_us_is_deleted_by_ip_netns() throws IOException {
        String name = namespaces.name();
        NetworkNamespace.pin(name).close();
        run("ip", "netns", "delete", name);
        assertThat(NetworkNamespace.exists(name)).isFalse();
        assertThat(Files.exists(Path.of("/run/netns", name))).isFalse();
    }

    @Test
    void unpinning_leaves_nothing_and_says_when_there_was_nothing() throws IOException {
        String name = namespaces.name();
        NetworkNamespace.pin(name).close();
        assertThat(NetworkNamespace.unpin(name)).isTrue();
        assertThat(NetworkNamespace.exists(name)).isFalse();
        assertThat(Files.exists(Path.of("/run/netns", name))).isFalse();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain("/run/netns/" + name + " ");
        assertThat(NetworkNamespace.unpin(name)).isFalse();
        assertThatThrownBy(() -> NetworkNamespace.named(name))
                .hasMessage(
                        "cannot open network namespace /run/netns/" + name + ": No such file or directory (ENOENT)");
    }

    @Test
    void a_file_left_over_by_a_crash_is_refused_when_opened_and_repaired_when_pinned() throws IOException {
        String name = namespaces.name();
        NetworkNamespace.pin(namespaces.name()).close();
        Files.createFile(Path.of("/run/netns", name));
        assertThat(NetworkNamespace.exists(name)).isFalse();
        assertThatThrownBy(() -> NetworkNamespace.named(name))
                .isInstanceOf(NetlinkException.class)
                .hasMessage(
                        "cannot open network namespace /run/netns/" + name + ": it is not a network namespace."
                                + " Give a file such as /proc/PID/ns/net, or one under /run/netns on which a namespace is mounted");
        try (var pinned = NetworkNamespace.pin(name);
                var netlink = Netlink.open(pinned)) {
            assertThat(NetworkNamespace.exists(name)).isTrue();
            assertThat(netlink.links()).hasSize(1);
        }
    }

    @Test
    void a_file_with_something_in_it_is_not_touched() throws IOException {
        String name = namespaces.name();
        NetworkNamespace.pin(namespaces.name()).close();
        var file = Path.of("/run/netns", name);
        Files.writeString(file, "precious");
        assertThatThrownBy(() -> NetworkNamespace.pin(name))
                .hasMessage("cannot pin a network namespace at /run/netns/" + name
                        + ": something else is there, which is not an empty file. Move it away, or use another name");
        assertThat(file).hasContent("precious");
    }

    @Test
    void all_who_pin_a_name_at_once_get_the_same_namespace_and_one_mount() throws Exception {
        for (int round = 0; round < 5; round++) {
            String name = namespaces.name();
            int racers = 8;
            var start = new CyclicBarrier(racers);
            var pinned = new ArrayList<NetworkNamespace>();
            try (var threads = Executors.newFixedThreadPool(racers)) {
                var pins = new ArrayList<Future<NetworkNamespace>>();
                for (int i = 0; i < racers; i++) {
                    pins.add(threads.submit(() -> {
                        start.await();
                        return NetworkNamespace.pin(name);
                    }));
                }
                for (var pin : pins) {
                    pinned.add(pin.get());
                }
            }
            assertThat(pinned).allMatch(pinned.getFirst()::sameAs);
            pinned.forEach(NetworkNamespace::close);
            assertThat(Files.readAllLines(Path.of("/proc/self/mountinfo")))
                    .filteredOn(line -> line.contains("/run/netns/" + name + " "))
                    .hasSize(1);
        }
    }

    @Test
    void work_sees_the_namespace_and_the_caller_stays_outside() throws IOException {
        try (var here = namespaces.create()) {
            String inside = here.call(() ->
                    Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString());
            String outside =
                    Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
            assertThat(inside).startsWith("net:[").isNotEqualTo(outside);
            String nested = here.call(() -> {
                try (var process = NetworkNamespace.current()) {
                    return process.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"))
                            .toString());
                }
            });
            assertThat(nested).isEqualTo(outside);
        }
    }

    @Test
    void what_work_throws_reaches_the_caller() {
        try (var here = namespaces.create()) {
            assertThatThrownBy(() -> here.call(() -> {
                        throw new IOException("from inside");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("from inside");
        }
    }

    @Test
    void an_interrupt_reaches_the_work_and_stays_with_the_caller() {
        try (var here = namespaces.create()) {
            Thread.currentThread().interrupt();
            boolean interrupted = here.call(() -> {
                try {
                    Thread.sleep(60_000);
                    return false;
                } catch (InterruptedException interrupt) {
                    return true;
                }
            });
            assertThat(Thread.interrupted()).isTrue();
            assertThat(interrupted).isTrue();
        }
    }

    @Test
    void other_files_and_other_kinds_of_namespace_are_refused() {
        assertThatThrownBy(() -> NetworkNamespace.at(Path.of("/proc/self/ns/mnt")))
                .hasMessageStartingWith(
                        "cannot open network namespace /proc/self/ns/mnt: it is not a network namespace");
        assertThatThrownBy(() -> NetworkNamespace.at(Path.of("/dev/null")))
                .hasMessageStartingWith("cannot open network namespace /dev/null: it is not a network namespace");
        assertThatThrownBy(() -> NetworkNamespace.ofDescriptor(99_999))
                .hasMessage("cannot open the network namespace of file descriptor 99999: Bad file descriptor (EBADF)");
        assertThatThrownBy(() -> NetworkNamespace.named("../x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'../x' cannot name a network namespace: it must be a plain file name");
    }

    @Test
    void a_named_pipe_is_refused_without_waiting_for_a_writer(@TempDir Path folder) {
        run("mkfifo", folder + "/pipe");
        assertThatThrownBy(() -> NetworkNamespace.at(folder.resolve("pipe")))
                .hasMessageStartingWith("cannot open network namespace " + folder + "/pipe: it is not a network");
    }

    /// As engines keep the sandboxes of containers, under /var/run/docker/netns.
    @Test
    void a_cable_gets_an_end_inside_a_namespace_that_is_known_by_its_path(@TempDir Path folder) throws IOException {
        var sandbox = Files.createFile(folder.resolve("0123456789ab"));
        var inside = MacAddress.parse("02:42:ac:11:00:02");
        try (var here = namespaces.create();
                var there = namespaces.create()) {
            String file = "/proc/self/fd/" + there.descriptor();
            assertThat(LibC.mount(file, sandbox.toString(), Kernel.MS_BIND)).isZero();
            try (var known = NetworkNamespace.at(sandbox);
                    var netlink = Netlink.open(here);
                    var other = Netlink.open(known)) {
                assertThat(known.sameAs(there)).isTrue();
                netlink.add(LinkSpec.of(
                        "c0",
                        new Veth(LinkSpec.peer("eth1")
                                .namespace(known)
                                .address(inside)
                                .mtu(1450)
                                .up())));
                var end = other.link("eth1").orElseThrow();
                assertThat(end.address()).isEqualTo(inside);
                assertThat(end.mtu()).isEqualTo(1450);
                assertThat(end.up()).isTrue();
                assertThat(netlink.link("eth1")).isEmpty();
                assertThatThrownBy(() -> netlink.add(
                                LinkSpec.of("c1", new Veth(LinkSpec.peer("eth1").namespace(known)))))
                        .hasMessage("cannot add link c1: File exists (EEXIST)");
                assertThat(netlink.link("c1")).isEmpty();
            } finally {
                LibC.umount2(sandbox.toString(), Kernel.MNT_DETACH);
            }
            assertThatThrownBy(() -> NetworkNamespace.at(sandbox))
                    .hasMessageContaining("it is not a network namespace");
        }
    }

    @Test
    void a_closed_one_says_so() {
        var here = namespaces.create();
        here.close();
        here.close();
        assertThatThrownBy(here::descriptor)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith(" is closed");
    }

    @Test
    void no_descriptor_is_left_open() throws IOException {
        try (var here = namespaces.create()) {
            here.call(() -> true);
            Netlink.open(here).close();
            int before = openFiles();
            for (int i = 0; i < 20; i++) {
                here.call(() -> true);
                Netlink.open(here).close();
                assertThatThrownBy(() -> NetworkNamespace.at(Path.of("/dev/null")))
                        .isNotNull();
                NetworkNamespace.pin(here.toString().substring(here.toString().lastIndexOf('/') + 1))
                        .close();
            }
            assertThat(openFiles()).isEqualTo(before);
        }
    }

    private static int openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        }
    }

    private static String run(String... command) {
        try (var process = NetworkNamespace.current()) {
            return TestNamespaces.run(process, command);
        }
    }

    @Test
    void an_open_namespace_is_pinned_again_and_another_one_in_its_place_is_left_alone() {
        String name = namespaces.name();
        try (var here = NetworkNamespace.pin(name)) {
            assertThat(here.pinAs(name)).isTrue();
            NetworkNamespace.unpin(name);
            assertThat(here.pinAs(name)).isTrue();
            try (var again = NetworkNamespace.named(name)) {
                assertThat(again.sameAs(here)).isTrue();
            }
            NetworkNamespace.unpin(name);
            try (var other = NetworkNamespace.pin(name)) {
                assertThat(here.pinAs(name)).isFalse();
                try (var still = NetworkNamespace.named(name)) {
                    assertThat(still.sameAs(other)).isTrue();
                }
            }
        }
    }
}
