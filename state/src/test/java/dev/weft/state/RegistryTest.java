package dev.weft.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RegistryTest {
    private static final NetworkRecord NETWORK = new NetworkRecord(
            "n1",
            null,
            "vxlan",
            1450,
            true,
            List.of(
                    new NetworkSubnet(Subnet.parse("10.1.0.0/16"), Cidr.parse("10.1.0.1/16"), "weft-local"),
                    new NetworkSubnet(
                            Subnet.parse("fd00:1::/64"), null, "odd, via of &=space", Cidr.parse("fd00:1::9/64"))),
            Map.of("mode", "vxlan", "com.docker.network.driver.mtu", "1450"));
    private static final EndpointRecord ENDPOINT = new EndpointRecord(
            "e1", "n1", Cidr.parse("10.1.0.2/16"), null, MacAddress.parse("02:42:0a:01:00:02"), Map.of());

    @TempDir
    Path folder;

    @Test
    void what_was_put_is_there_after_a_restart() {
        try (var registry = Registry.open(folder)) {
            registry.put(NETWORK);
            registry.put(ENDPOINT);
            registry.put(ENDPOINT.joinedTo("/var/run/docker/netns/0123456789ab"));
        }
        try (var registry = Registry.open(folder)) {
            assertThat(registry.networks()).containsExactly(NETWORK);
            assertThat(registry.endpoint("e1"))
                    .contains(new EndpointRecord(
                            "e1",
                            "n1",
                            Cidr.parse("10.1.0.2/16"),
                            null,
                            MacAddress.parse("02:42:0a:01:00:02"),
                            "/var/run/docker/netns/0123456789ab",
                            null,
                            null,
                            Map.of()));
        }
    }

    @Test
    void a_network_put_again_replaces_what_was_known_of_it_and_keeps_its_endpoints() {
        var changed = new NetworkRecord("n1", "mynet", "vxlan", 1400, false, List.of(), Map.of("mode", "vxlan"));
        try (var registry = Registry.open(folder)) {
            registry.put(NETWORK);
            registry.put(ENDPOINT);
            registry.put(changed);
        }
        try (var registry = Registry.open(folder)) {
            assertThat(registry.network("n1")).contains(changed);
            assertThat(registry.endpointsOf("n1")).containsExactly(ENDPOINT);
        }
    }

    @Test
    void a_network_goes_with_its_endpoints() {
        try (var registry = Registry.open(folder)) {
            registry.put(NETWORK);
            registry.put(ENDPOINT);
            registry.commit(registry.removalOf("n1"));
            assertThat(registry.endpoint("e1")).isEmpty();
        }
        try (var registry = Registry.open(folder)) {
            assertThat(registry.networks()).isEmpty();
            assertThat(registry.endpoint("e1")).isEmpty();
        }
    }

    @Test
    void removing_what_is_not_known_changes_nothing() {
        try (var registry = Registry.open(folder)) {
            registry.put(NETWORK);
            registry.remove(endpoint(9, "n1"));
            registry.commit(registry.removalOf("n9"));
            assertThat(registry.networks()).containsExactly(NETWORK);
        }
    }

    @Test
    void an_endpoint_of_an_unknown_network_is_refused_and_the_writes_beside_it_are_kept() {
        try (var registry = Registry.open(folder);
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            registry.put(NETWORK);
            registry.put(endpoint(0, "n1"));
            IntStream.range(0, 100).forEach(i -> callers.submit(() -> registry.put(endpoint(i, "n1"))));
            assertThatThrownBy(() -> registry.put(endpoint(1000, "n9")))
                    .isInstanceOf(StateException.class)
                    .hasMessage("cannot write to " + folder.resolve("weft.db")
                            + ": endpoint e1000 refers to a record that is not there. Nothing was changed.");
            assertThatThrownBy(() -> registry.remove(NETWORK))
                    .hasMessage("cannot write to " + folder.resolve("weft.db")
                            + ": other records refer to network n1. Nothing was changed.");
        }
        try (var registry = Registry.open(folder)) {
            assertThat(registry.endpointsOf("n1")).hasSize(100);
            assertThat(registry.endpoint("e1000")).isEmpty();
        }
    }

    private static EndpointRecord endpoint(int number, String network) {
        return new EndpointRecord("e" + number, network, null, null, new MacAddress(number), Map.of());
    }

    @Test
    void a_write_after_closing_is_refused() {
        var registry = Registry.open(folder);
        registry.close();
        assertThatThrownBy(() -> registry.put(NETWORK)).hasMessageContaining("it is closed.");
    }

    @Test
    void a_commit_is_made_as_a_whole_or_not_at_all() {
        try (var registry = Registry.open(folder)) {
            assertThatThrownBy(() -> registry.commit(
                            List.of(Change.put(NETWORK), Change.put(ENDPOINT), Change.put(endpoint(1, "n9")))))
                    .isInstanceOf(StateException.class);
            assertThat(registry.networks()).isEmpty();
            registry.commit(List.of(Change.put(NETWORK), Change.put(ENDPOINT)));
            registry.commit(List.of());
        }
        try (var registry = Registry.open(folder)) {
            assertThat(Sample.in(registry)).containsExactlyInAnyOrder(NETWORK, ENDPOINT);
        }
    }

    @Test
    void any_text_that_java_can_write_as_utf8_comes_back() {
        var odd = "a\0b\u0001 ü€\uD83D\uDE00 '\"%&=+;,\n via of ";
        var network = new NetworkRecord(
                odd,
                odd,
                odd,
                -1,
                true,
                List.of(new NetworkSubnet(Subnet.parse("10.1.0.0/16"), null, odd)),
                Map.of(odd, odd, "", "", "=", "&"));
        var gone = new Tombstone(Tombstone.Kind.ENDPOINT, odd, "", odd, Instant.ofEpochMilli(Long.MAX_VALUE));
        var endpoint = new EndpointRecord(odd, odd, null, null, new MacAddress(0), odd, odd, "", Map.of());
        try (var registry = Registry.open(folder)) {
            registry.commit(List.of(Change.put(network), Change.put(gone), Change.put(endpoint)));
            registry.check();
        }
        try (var registry = Registry.open(folder)) {
            assertThat(Sample.in(registry)).containsExactlyInAnyOrder(network, gone, endpoint);
        }
    }

    @Test
    void what_is_served_is_what_is_on_disk_also_where_the_clock_is_finer_than_a_millisecond() {
        var gone = new Tombstone(Tombstone.Kind.NETWORK, "n1", "", "", Instant.parse("2026-01-02T03:04:05.678912345Z"));
        try (var registry = Registry.open(folder)) {
            registry.put(gone);
            registry.check();
            assertThat(registry.tombstones())
                    .extracting(Tombstone::at)
                    .containsExactly(Instant.parse("2026-01-02T03:04:05.678Z"));
        }
    }

    @Test
    void a_watcher_hears_of_each_commit_in_order_before_who_made_it_goes_on() {
        var heard = new ArrayList<List<Change>>();
        try (var registry = Registry.open(folder)) {
            registry.put(NETWORK);
            registry.watch(changes -> {
                assertThat(registry.endpoint("e1").isPresent()).isEqualTo(heard.isEmpty());
                heard.add(changes);
            });
            registry.put(ENDPOINT);
            assertThat(heard).containsExactly(List.of(Change.put(ENDPOINT)));
            assertThatThrownBy(() -> registry.put(endpoint(1, "n9"))).isInstanceOf(StateException.class);
            registry.commit(registry.removalOf("n1"));
            assertThat(heard)
                    .containsExactly(
                            List.of(Change.put(ENDPOINT)), List.of(Change.remove(ENDPOINT), Change.remove(NETWORK)));
        }
    }

    @Test
    void a_watcher_that_has_ended_hears_nothing_and_one_that_fails_disturbs_nobody() {
        var ended = new ArrayList<List<Change>>();
        var heard = new ArrayList<List<Change>>();
        try (var registry = Registry.open(folder)) {
            var end = registry.watch(ended::add);
            registry.watch(changes -> {
                throw new IllegalStateException("of the test");
            });
            registry.watch(heard::add);
            registry.put(NETWORK);
            end.run();
            registry.put(ENDPOINT);
            assertThat(registry.endpoint("e1")).contains(ENDPOINT);
        }
        assertThat(ended).containsExactly(List.of(Change.put(NETWORK)));
        assertThat(heard).containsExactly(List.of(Change.put(NETWORK)), List.of(Change.put(ENDPOINT)));
    }

    @Test
    void a_watcher_hears_the_writes_of_many_threads_in_the_order_in_which_they_are_served() {
        var heard = new ArrayList<StateRecord>();
        try (var registry = Registry.open(folder)) {
            registry.put(NETWORK);
            registry.watch(changes -> changes.forEach(change -> heard.add(change.record())));
            try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
                IntStream.range(0, 200)
                        .forEach(i -> callers.submit(() -> {
                            registry.put(ENDPOINT.seenAs("eth" + i));
                            registry.put(endpoint(i, "n1"));
                        }));
            }
            assertThat(heard).hasSize(400);
            var last =
                    heard.stream().filter(record -> record.key().equals("e1")).toList();
            assertThat(registry.endpoint("e1").map(StateRecord.class::cast)).contains(last.getLast());
        }
    }

    @Test
    void a_backup_made_while_others_write_is_whole_and_can_take_the_files_place() throws Exception {
        var copy = folder.resolve("copy");
        try (var registry = Registry.open(folder);
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            registry.put(NETWORK);
            for (int i = 0; i < 20; i++) {
                registry.put(endpoint(i, "n1"));
            }
            for (int i = 0; i < 200; i++) {
                int number = i;
                callers.submit(() -> registry.commit(List.of(
                        Change.put(endpoint(2 * number + 100, "n1")), Change.put(endpoint(2 * number + 101, "n1")))));
            }
            registry.backup(copy);
            assertThatThrownBy(() -> registry.backup(copy))
                    .hasMessage("cannot back up the state to " + copy + ": there is such a file. Give another name.");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
        Files.move(copy, folder.resolve("weft.db"), StandardCopyOption.REPLACE_EXISTING);
        try (var registry = Registry.open(folder)) {
            assertThat(registry.endpoints().size() % 2).isZero();
            assertThat(registry.endpoints()).hasSizeBetween(20, 420);
            registry.put(endpoint(1000, "n1"));
        }
        Registry.open(folder).close();
    }

    @Test
    void a_backup_of_a_killed_agents_folder_has_its_log_and_takes_the_place_of_no_file() throws Exception {
        StateFolder killed;
        try (var registry = Registry.open(folder)) {
            registry.put(NETWORK);
            killed = StateFolder.of(folder);
        }
        killed.writeTo(folder);
        var copy = Files.createDirectory(folder.resolve("copies")).resolve("weft.db");
        var others = Files.writeString(copy.resolveSibling("weft.db.new"), "of somebody else");
        Registry.backup(folder, copy);
        assertThatThrownBy(() -> Registry.backup(folder, copy))
                .hasMessage("cannot back up the state to " + copy + ": there is such a file. Give another name.");
        assertThat(StateFolder.of(folder).contents()).isEqualTo(killed.contents());
        assertThat(others).hasContent("of somebody else");
        try (var files = Files.list(copy.getParent())) {
            assertThat(files).containsExactlyInAnyOrder(copy, others);
        }
        try (var registry = Registry.open(copy.getParent())) {
            assertThat(registry.networks()).containsExactly(NETWORK);
        }
    }

    @Test
    void a_backup_in_a_folder_is_moved_to_where_it_is_to_be() throws Exception {
        var target = Files.createDirectory(folder.resolve("copies")).resolve("weft.db");
        try (var registry = Registry.open(folder)) {
            registry.put(NETWORK);
            var copy = registry.backupInto(folder);
            assertThat(copy.getParent()).isEqualTo(folder);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                    .isEqualTo("rw-------");
            Registry.move(copy, target);
            assertThat(copy).doesNotExist();
        }
        try (var registry = Registry.open(target.getParent())) {
            assertThat(registry.networks()).containsExactly(NETWORK);
        }
    }

    @Test
    void a_backup_in_a_folder_takes_the_place_of_no_file_and_is_gone_all_the_same() throws Exception {
        var target = Files.writeString(folder.resolve("mine"), "mine");
        try (var registry = Registry.open(folder)) {
            for (var place : List.of(target, folder.resolve("none/copy"))) {
                var copy = registry.backupInto(folder);
                assertThatThrownBy(() -> Registry.move(copy, place))
                        .isInstanceOf(StateException.class)
                        .hasMessageStartingWith("cannot back up the state ");
                assertThat(copy).doesNotExist();
            }
            assertThat(target).hasContent("mine");
        }
    }

    @Test
    void a_backup_that_nobody_took_goes_with_the_next_and_no_other_file_does() throws Exception {
        var others = Files.writeString(folder.resolve("weft.db.leaving-for-good"), "of somebody else");
        try (var registry = Registry.open(folder)) {
            var first = registry.backupInto(folder);
            var second = registry.backupInto(folder);
            assertThat(first).doesNotExist();
            assertThat(second).exists();
            assertThatThrownBy(() -> Registry.move(first, folder.resolve("copy")))
                    .hasMessage("cannot back up the state to " + folder.resolve("copy")
                            + ": another backup was made meanwhile. Try again.");
        }
        assertThat(others).hasContent("of somebody else");
    }

    @Test
    void a_damaged_state_is_not_backed_up() throws Exception {
        Registry.open(folder).close();
        Files.writeString(folder.resolve("weft.db"), "damaged");
        assertThatThrownBy(() -> Registry.backup(folder, folder.resolve("copy")))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("is damaged: it does not begin as a database does.");
        assertThat(folder.resolve("copy")).doesNotExist();
    }

    @Test
    void a_backup_to_a_folder_that_is_not_there_is_refused() {
        try (var registry = Registry.open(folder)) {
            assertThatThrownBy(() -> registry.backup(folder.resolve("none/copy")))
                    .hasMessage("cannot back up the state in " + folder.resolve("weft.db") + " to "
                            + folder.resolve("none/copy") + ": " + folder.resolve("none/copy.new")
                            + " is not there. Check that the folder is there, writable and not full.");
        }
    }
}
