package dev.weft.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file as Weft wrote it before 2026-12.
@DisplayNameGeneration(ReplaceUnderscores.class)
class Format1Test {
    private static final String TABLES = """
            CREATE TABLE network (
              id       TEXT PRIMARY KEY,
              mode     TEXT NOT NULL,
              mtu      INTEGER NOT NULL,
              internal INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE network_pool (
              network  TEXT NOT NULL REFERENCES network ON DELETE CASCADE,
              position INTEGER NOT NULL,
              subnet   TEXT NOT NULL,
              gateway  TEXT,
              PRIMARY KEY (network, position)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE network_option (
              network TEXT NOT NULL REFERENCES network ON DELETE CASCADE,
              name    TEXT NOT NULL,
              value   TEXT NOT NULL,
              PRIMARY KEY (network, name)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE endpoint (
              id      TEXT PRIMARY KEY,
              network TEXT NOT NULL REFERENCES network ON DELETE CASCADE,
              ipv4    TEXT,
              ipv6    TEXT,
              mac     TEXT NOT NULL,
              sandbox TEXT
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX endpoint_network ON endpoint (network);
            PRAGMA application_id = 1466263156;
            PRAGMA user_version = 1""";

    private static final String ROWS = """
            INSERT INTO network VALUES ('n1', 'vxlan', 1450, 0);
            INSERT INTO network VALUES ('n2', 'vxlan', 1400, 1);
            INSERT INTO network_pool VALUES ('n1', 1, 'fd00:1::/64', NULL);
            INSERT INTO network_pool VALUES ('n1', 0, '10.1.0.0/16', '10.1.0.1/16');
            INSERT INTO network_option VALUES ('n1', 'mode', 'vxlan');
            INSERT INTO network_option VALUES ('n1', 'com.docker.network.driver.mtu', '1450');
            INSERT INTO endpoint VALUES ('e1', 'n1', '10.1.0.2/16', NULL, '02:42:0a:01:00:02', '/run/netns/1');
            INSERT INTO endpoint VALUES ('e2', 'n1', NULL, 'fd00:1::2/64', '02:42:0a:01:00:03', NULL)""";

    private static final List<StateRecord> RECORDS = List.of(
            new NetworkRecord(
                    "n1",
                    null,
                    "vxlan",
                    1450,
                    false,
                    List.of(
                            new NetworkSubnet(Subnet.parse("10.1.0.0/16"), Cidr.parse("10.1.0.1/16"), "LocalDefault"),
                            new NetworkSubnet(Subnet.parse("fd00:1::/64"), null, "LocalDefault")),
                    Map.of("mode", "vxlan", "com.docker.network.driver.mtu", "1450")),
            new NetworkRecord("n2", null, "vxlan", 1400, true, List.of(), Map.of()),
            new EndpointRecord(
                            "e1",
                            "n1",
                            Cidr.parse("10.1.0.2/16"),
                            null,
                            MacAddress.parse("02:42:0a:01:00:02"),
                            Map.of())
                    .joinedTo("/run/netns/1"),
            new EndpointRecord(
                    "e2", "n1", null, Cidr.parse("fd00:1::2/64"), MacAddress.parse("02:42:0a:01:00:03"), Map.of()));

    @TempDir
    Path temporary;

    private Path folder;
    private StateFolder old;

    @BeforeEach
    void write() throws Exception {
        folder = temporary.resolve("state");
        Files.createDirectories(folder);
        sql("PRAGMA journal_mode = WAL;" + TABLES + ";" + ROWS);
        old = StateFolder.of(folder);
    }

    private void sql(String script) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("weft.db"));
                var sql = connection.createStatement()) {
            for (var statement : script.split(";")) {
                sql.execute(statement);
            }
        }
    }

    private void assertThatAllIsThere(String what) {
        try (var registry = Registry.open(folder)) {
            assertThat(Sample.in(registry)).as(what).containsExactlyInAnyOrderElementsOf(RECORDS);
            registry.check();
        }
    }

    @Test
    void all_that_it_had_is_there_once_and_again() {
        assertThatAllIsThere("migrated");
        assertThat(StateCheck.of(folder))
                .isInstanceOfSatisfying(
                        StateCheck.Sound.class,
                        sound -> assertThat(sound.format()).isEqualTo(3));
        assertThatAllIsThere("opened again");
    }

    @Test
    void a_backup_leaves_it_as_it_is_and_is_of_its_format() throws Exception {
        var copy = Files.createDirectories(temporary.resolve("copy")).resolve("weft.db");
        Registry.backup(folder, copy);
        assertThat(StateFolder.of(folder).contents()).isEqualTo(old.contents());
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("weft.db"));
        }
        assertThat(StateCheck.of(copy.getParent())).isInstanceOfSatisfying(StateCheck.Sound.class, sound -> {
            assertThat(sound.format()).isEqualTo(1);
            assertThat(sound.records()).containsEntry("network", 2).containsEntry("endpoint", 2);
        });
        folder = copy.getParent();
        assertThatAllIsThere("the copy");
    }

    @Test
    void the_old_file_is_kept_and_can_be_used_again() throws Exception {
        Registry.open(folder).close();
        var copy = folder.resolve("weft.db.format-1");
        Files.move(copy, folder.resolve("weft.db"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(StateCheck.of(folder)).isInstanceOfSatisfying(StateCheck.Sound.class, sound -> {
            assertThat(sound.format()).isEqualTo(1);
            assertThat(sound.records()).containsEntry("network", 2).containsEntry("endpoint", 2);
        });
        assertThatAllIsThere("the copy");
    }

    @Test
    void commits_that_are_only_in_its_log_are_there() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("weft.db"));
                var sql = connection.createStatement()) {
            sql.execute("DELETE FROM endpoint WHERE id = 'e2'");
            old = StateFolder.of(folder);
        }
        assertThat(old.bytes("weft.db-wal").length).isGreaterThan(4096);
        old.writeTo(folder);
        try (var registry = Registry.open(folder)) {
            assertThat(Sample.in(registry)).containsExactlyInAnyOrderElementsOf(RECORDS.subList(0, 3));
        }
    }

    @Test
    void if_the_copy_cannot_be_kept_nothing_is_changed() throws Exception {
        Files.createDirectories(folder.resolve("weft.db.format-1/full"));
        assertThatThrownBy(() -> Registry.open(folder))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("cannot open the state in " + folder.resolve("weft.db"));
        assertThat(StateFolder.of(folder).bytes("weft.db")).isEqualTo(old.bytes("weft.db"));
        Files.delete(folder.resolve("weft.db.format-1/full"));
        Files.delete(folder.resolve("weft.db.format-1"));
        assertThatAllIsThere("migrated after all");
    }

    @Test
    void wherever_a_crash_ends_the_change_the_one_format_or_the_other_is_there() throws Exception {
        StateFolder crashed;
        try (var connection = StateFile.inWalMode(folder.resolve("weft.db"))) {
            var database = new Database(connection, Seal.NONE, _ -> {});
            StateFile.migrate(database, Format1.TABLES, RECORDS);
            crashed = StateFolder.of(folder);
        }
        var log = crashed.bytes("weft.db-wal");
        int frames = (log.length - 32) / (24 + 4096);
        assertThat(frames).isGreaterThan(5);
        for (int end = 0; end <= log.length; end += 1024) {
            crashed.with("weft.db-wal", Arrays.copyOf(log, end)).writeTo(folder);
            assertThatAllIsThere("cut at " + end);
        }
        crashed.writeTo(folder);
        assertThat(StateCheck.of(folder))
                .isInstanceOfSatisfying(
                        StateCheck.Sound.class,
                        sound -> assertThat(sound.format()).isEqualTo(3));
    }

    @Test
    void a_value_that_no_record_can_have_is_damage() throws Exception {
        sql("UPDATE endpoint SET mac = 'none' WHERE id = 'e1'");
        old = StateFolder.of(folder);
        assertThatThrownBy(() -> Registry.open(folder))
                .hasMessageContaining("the state in " + folder.resolve("weft.db") + " is damaged: ")
                .hasMessageContaining("none");
        assertThat(StateFolder.of(folder).contents()).isEqualTo(old.contents());
    }

    @Test
    void a_file_that_only_says_so_is_damaged() throws Exception {
        sql("DROP TABLE network_option");
        assertThatThrownBy(() -> Registry.open(folder))
                .hasMessageContaining("is damaged: ")
                .hasMessageContaining("no such table: network_option");
    }
}
