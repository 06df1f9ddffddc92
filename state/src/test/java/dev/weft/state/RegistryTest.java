package dev.weft.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
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
                    new NetworkSubnet(Subnet.parse("fd00:1::/64"), null, "odd, via of &=space")),
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
            IntStream.range(0, 100).forEach(i -> callers.submit(() -> registry.put(endpoint(i, "n1"))));
            assertThatThrownBy(() -> registry.put(endpoint(1000, "n9")))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("FOREIGN KEY");
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
    void what_was_acknowledged_survives_the_death_of_the_process() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var writer = new ProcessBuilder(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndlessWriter.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int acknowledged = 0;
        try (var lines = writer.inputReader(UTF_8)) {
            while (acknowledged < 200) {
                acknowledged = Integer.parseInt(lines.readLine());
            }
            writer.destroyForcibly().waitFor();
        }
        try (var registry = Registry.open(folder)) {
            assertThat(registry.endpointsOf("n1").stream().map(EndpointRecord::id))
                    .containsAll(IntStream.rangeClosed(0, acknowledged)
                            .mapToObj(i -> "e" + i)
                            .toList());
        }
    }

    /// Writes endpoints until it is killed, printing the number of each when it is durable.
    static final class EndlessWriter {
        private EndlessWriter() {}

        public static void main(String[] folder) {
            var registry = Registry.open(Path.of(folder[0]));
            registry.put(NETWORK);
            for (int i = 0; ; i++) {
                registry.put(endpoint(i, "n1"));
                System.out.println(i);
            }
        }
    }

    @Test
    void a_second_process_is_refused_while_the_first_holds_the_store() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try (var registry = Registry.open(folder)) {
            registry.put(NETWORK);
            var second = new ProcessBuilder(
                            java,
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            EndlessWriter.class.getName(),
                            folder.toString())
                    .redirectErrorStream(true)
                    .start();
            var output = new String(second.getInputStream().readAllBytes(), UTF_8);
            assertThat(second.waitFor()).isNotZero();
            assertThat(output)
                    .contains("cannot open the state in " + folder.resolve("weft.db")
                            + ": another process holds it. Stop the other agent, or give this one another --state.");
        }
    }

    @Test
    void a_newer_format_is_refused_and_left_alone() throws Exception {
        Registry.open(folder).close();
        sql("PRAGMA user_version = 7");
        assertThatThrownBy(() -> Registry.open(folder))
                .isInstanceOf(StateException.class)
                .hasMessage("cannot use the state in " + folder.resolve("weft.db")
                        + ": it is of format 7 and this agent knows format 2."
                        + " Install the Weft that wrote it, or a newer one.");
    }

    @Test
    void a_database_of_another_program_is_refused_and_left_alone() throws Exception {
        sql("CREATE TABLE precious (x)");
        assertThatThrownBy(() -> Registry.open(folder)).hasMessageContaining("a database of another program");
        sql("SELECT * FROM precious");
    }

    @Test
    void garbage_is_refused_and_left_alone() throws Exception {
        var garbage = "this is no database, but it is long enough to look at\n".repeat(100);
        Files.writeString(folder.resolve("weft.db"), garbage);
        assertThatThrownBy(() -> Registry.open(folder))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("the state in " + folder.resolve("weft.db") + " is damaged: ")
                .hasMessageContaining("file is not a database");
        assertThat(folder.resolve("weft.db")).hasContent(garbage);
    }

    @Test
    void a_write_after_closing_is_refused() {
        var registry = Registry.open(folder);
        registry.close();
        assertThatThrownBy(() -> registry.put(NETWORK)).hasMessageContaining("it is closed.");
    }

    @Test
    void libraries_that_killed_processes_left_are_removed() throws Exception {
        var left = Files.writeString(folder.resolve("sqlite-3.1-0123-libsqlitejdbc.so"), "");
        var lock = Files.writeString(folder.resolve("sqlite-3.1-0123-libsqlitejdbc.so.lck"), "");
        Registry.open(folder).close();
        assertThat(left).doesNotExist();
        assertThat(lock).doesNotExist();
    }

    @Test
    void a_writer_that_dies_fails_the_writes_and_lets_nobody_wait() throws Exception {
        var file = folder.resolve("weft.db");
        try (var writer = new Writer(new StateFile(folder).open().database(), file)) {
            assertThatThrownBy(() -> writer.write(
                            database -> {
                                throw new OutOfMemoryError("of the test");
                            },
                            () -> {}))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("of the test");
            assertThatThrownBy(() -> {
                        while (true) {
                            writer.write(database -> {}, () -> {});
                        }
                    })
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("it is closed");
        }
    }

    @Test
    void a_folder_that_it_makes_is_for_its_owner_alone() throws Exception {
        var made = folder.resolve("var/lib/weft");
        Registry.open(made).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
    }

    private void sql(String statement) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("weft.db"));
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
