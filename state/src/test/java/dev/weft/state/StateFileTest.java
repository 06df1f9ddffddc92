package dev.weft.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StateFileTest {
    @TempDir
    Path temporary;

    private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        folder = temporary.resolve("var/lib/weft");
        file = folder.resolve("weft.db");
    }

    private void sql(String statement) throws SQLException, IOException {
        Files.createDirectories(folder);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void what_it_makes_is_for_its_owner_alone() throws Exception {
        try (var registry = Registry.open(folder)) {
            registry.put(Sample.network(1));
            assertThat(permissions(folder)).isEqualTo("rwx------");
            assertThat(permissions(file)).isEqualTo("rw-------");
            assertThat(permissions(folder.resolve("weft.db-wal"))).isEqualTo("rw-------");
            assertThat(permissions(folder.resolve("weft.db-commits"))).isEqualTo("rw-------");
            assertThat(folder.resolve("weft.db-shm")).doesNotExist();
        }
    }

    @Test
    void closed_it_is_one_file_with_its_number_and_its_lock() throws Exception {
        Registry.open(folder).close();
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("weft.db", "weft.db-commits", "weft.db-lock");
        }
        assertThat(folder.resolve("weft.db-lock")).isEmptyFile();
    }

    @Test
    void what_a_crash_left_of_making_it_is_no_obstacle() throws Exception {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("weft.db.new"), "half");
        Registry.open(folder).close();
        assertThat(folder.resolve("weft.db.new")).doesNotExist();
    }

    @Test
    void libraries_that_killed_processes_left_are_removed() throws Exception {
        Files.createDirectories(folder);
        var left = Files.writeString(folder.resolve("sqlite-3.1-0123-libsqlitejdbc.so"), "");
        var lock = Files.writeString(folder.resolve("sqlite-3.1-0123-libsqlitejdbc.so.lck"), "");
        Registry.open(folder).close();
        assertThat(left).doesNotExist();
        assertThat(lock).doesNotExist();
    }

    private String held() {
        return "cannot open the state in " + file
                + ": another process holds it. Stop the other agent, or give this one another --state.";
    }

    @Test
    void a_second_process_is_refused_while_the_first_holds_it() throws Exception {
        try (var registry = Registry.open(folder)) {
            registry.put(Sample.network(1));
            try (var second = StateProcess.start(Opening.class, folder.toString())) {
                assertThat(second.output().readLine()).isEqualTo(held());
            }
            registry.put(Sample.network(2));
        }
        try (var second = StateProcess.start(Opening.class, folder.toString())) {
            assertThat(second.output().readLine()).isEqualTo("opened");
            assertThatThrownBy(() -> Registry.open(folder)).hasMessage(held());
            assertThatThrownBy(() -> Registry.replace(folder, List.of())).hasMessage(held());
            assertThatThrownBy(() -> StateCheck.of(folder)).hasMessage(held());
        }
        Registry.open(folder).close();
    }

    /// Opens the folder and stays.
    static final class Opening {
        private Opening() {}

        public static void main(String[] folder) {
            try (var registry = Registry.open(Path.of(folder[0]))) {
                System.out.println("opened");
                StateProcess.commands().forEach(registry::equals);
            } catch (StateException refusal) {
                System.out.println(refusal.getMessage());
            }
        }
    }

    @Test
    void a_second_opening_in_the_same_process_is_refused_and_gives_nothing_away() throws Exception {
        try (var registry = Registry.open(folder)) {
            assertThatThrownBy(() -> Registry.open(folder)).hasMessage(held());
            assertThatThrownBy(() -> StateCheck.of(folder)).hasMessage(held());
            try (var second = StateProcess.start(Opening.class, folder.toString())) {
                assertThat(second.output().readLine()).isEqualTo(held());
            }
            registry.put(Sample.network(1));
        }
    }

    @Test
    void a_file_that_another_program_has_open_is_refused() throws Exception {
        Registry.open(folder).close();
        try (var other = StateProcess.start(Reading.class, file.toString())) {
            assertThat(other.output().readLine()).isEqualTo("reads");
            assertThatThrownBy(() -> Registry.open(folder)).hasMessage(held());
        }
        Registry.open(folder).close();
    }

    /// Has the file open as `sqlite3` has it.
    static final class Reading {
        private Reading() {}

        public static void main(String[] file) throws SQLException {
            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file[0]);
                    var sql = connection.createStatement()) {
                sql.executeQuery("SELECT * FROM sealed");
                System.out.println("reads");
                StateProcess.commands().forEach(sql::equals);
            }
        }
    }

    @Test
    void a_newer_format_is_refused_and_left_alone() throws Exception {
        Registry.open(folder).close();
        sql("PRAGMA user_version = 7");
        var newer = StateFolder.of(folder);
        assertThatThrownBy(() -> Registry.open(folder))
                .isInstanceOf(StateException.class)
                .hasMessage("cannot use the state in " + file + ": it is of format 7 and this agent knows format 3."
                        + " Install the Weft that wrote it, or a newer one.");
        assertThat(StateCheck.of(folder)).isInstanceOf(StateCheck.Unusable.class);
        assertThat(StateFolder.of(folder).contents()).isEqualTo(newer.contents());
    }

    @Test
    void a_database_of_another_program_is_refused_and_left_alone() throws Exception {
        sql("CREATE TABLE precious (x)");
        var foreign = StateFolder.of(folder);
        assertThatThrownBy(() -> Registry.open(folder))
                .hasMessage("cannot use the state in " + file + ": it is a database of another program."
                        + " Move it away, or give the agent another --state.");
        assertThat(StateCheck.of(folder)).isInstanceOf(StateCheck.Unusable.class);
        assertThat(StateFolder.of(folder).contents()).isEqualTo(foreign.contents());
    }

    @Test
    void garbage_is_refused_and_left_alone() throws Exception {
        Files.createDirectories(folder);
        var garbage = "this is no database, but it is long enough to look at\n".repeat(100);
        Files.writeString(file, garbage);
        assertThatThrownBy(() -> Registry.open(folder))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("the state in " + file + " is damaged: it does not begin as a database does.");
        assertThat(file).hasContent(garbage);
    }

    @Test
    void links_are_followed_and_the_log_lies_beside_the_file() throws Exception {
        var data = Files.createDirectories(temporary.resolve("data"));
        Sample.fill(data);
        Files.createDirectories(folder);
        Files.createSymbolicLink(file, data.resolve("weft.db"));
        try (var registry = Registry.open(folder)) {
            assertThat(registry.endpoints()).hasSize(120);
            registry.put(Sample.endpoint(500));
            assertThat(data.resolve("weft.db-wal")).isNotEmptyFile();
        }
        var linked = Files.createSymbolicLink(temporary.resolve("linked"), data);
        try (var registry = Registry.open(linked)) {
            assertThat(registry.endpoints()).hasSize(121);
        }
    }

    @Test
    void a_link_that_leads_nowhere_is_not_taken_for_a_new_host() throws Exception {
        Files.createDirectories(folder);
        Files.createSymbolicLink(file, temporary.resolve("not-mounted/weft.db"));
        assertThatThrownBy(() -> Registry.open(folder))
                .hasMessage(
                        "cannot open the state in " + file + ": it is a link, and what it leads to cannot be reached."
                                + " Mount or restore that, or remove the link.");
    }

    @Test
    void a_folder_that_is_none_is_refused() throws Exception {
        var none = Files.writeString(temporary.resolve("none"), "a file");
        assertThatThrownBy(() -> Registry.open(none))
                .hasMessage("cannot open the state in " + none.resolve("weft.db") + ": " + none
                        + " is there and is something else."
                        + " Check that the disk is not full and is writable, then restart the agent.");
    }

    @Test
    void a_check_counts_what_is_there_and_changes_nothing() throws Exception {
        Sample.fill(folder);
        var whole = StateFolder.of(folder);
        assertThat(StateCheck.of(folder)).isInstanceOfSatisfying(StateCheck.Sound.class, sound -> {
            assertThat(sound.file()).isEqualTo(file);
            assertThat(sound.format()).isEqualTo(3);
            assertThat(sound.bytes()).isEqualTo(whole.bytes("weft.db").length);
            assertThat(sound.records().toString())
                    .isEqualTo("{network=12, endpoint=120, pool=12, address=120, engine=1, tombstone=30, member=1,"
                            + " host=12, shared_network=12, replica=12, remote_endpoints=12, blocks=12}");
        });
        var damaged = whole.bytes("weft.db");
        damaged[0]++;
        whole.with("weft.db", damaged).writeTo(folder);
        assertThat(StateCheck.of(folder))
                .isEqualTo(
                        new StateCheck.Unusable(
                                file,
                                "the state in " + file + " is damaged: it does not begin as a database does."
                                        + " Running containers keep their networks. Run 'weft state"
                                        + " rebuild' while Docker runs, or put a backup in its place, then restart the agent."));
        assertThat(StateFolder.of(folder).contents())
                .isEqualTo(whole.with("weft.db", damaged).contents());
    }

    @Test
    void a_check_of_a_folder_without_a_state_makes_none() {
        assertThatThrownBy(() -> StateCheck.of(folder))
                .isInstanceOf(StateException.class)
                .hasMessage("there is no state in " + file + ". Give the folder of an agent with --state.");
        assertThat(folder).doesNotExist();
    }

    @Test
    void a_file_that_cannot_be_read_is_not_called_damaged() throws Exception {
        Files.createDirectories(file);
        assertThatThrownBy(() -> StateCheck.of(folder))
                .isInstanceOf(StateException.class)
                .hasMessageStartingWith("cannot open the state in " + file + ": ");
    }

    @Test
    void a_new_file_takes_the_place_of_a_damaged_one_which_is_kept_with_its_log() throws Exception {
        Sample.fill(folder);
        Files.writeString(file, "damaged");
        Files.writeString(folder.resolve("weft.db-wal"), "its log");
        assertThat(Registry.replace(folder, Sample.RECORDS.reversed())).contains(folder.resolve("weft.db.damaged-1"));
        assertThat(folder.resolve("weft.db.damaged-1")).hasContent("damaged");
        assertThat(folder.resolve("weft.db.damaged-1-wal")).hasContent("its log");
        try (var registry = Registry.open(folder)) {
            assertThat(Sample.in(registry)).containsExactlyInAnyOrderElementsOf(Sample.RECORDS);
            registry.put(Sample.endpoint(500));
        }
        assertThat(Registry.replace(folder, List.of())).contains(folder.resolve("weft.db.damaged-2"));
        assertThat(permissions(file)).isEqualTo("rw-------");
        try (var registry = Registry.open(folder)) {
            assertThat(Sample.in(registry)).isEmpty();
        }
        assertThat(new String(StateFolder.of(folder).bytes("weft.db-commits"), UTF_8))
                .isEqualTo("0000000000000000001\n");
    }

    @Test
    void a_new_file_can_be_made_where_there_was_none() {
        assertThat(Registry.replace(folder, List.of(Sample.network(1)))).isEmpty();
        try (var registry = Registry.open(folder)) {
            assertThat(registry.networks()).containsExactly(Sample.network(1));
        }
    }

    @Test
    void records_that_do_not_fit_together_replace_nothing() throws Exception {
        Sample.fill(folder);
        var whole = StateFolder.of(folder);
        assertThatThrownBy(() -> Registry.replace(folder, List.of(Sample.endpoint(1))))
                .isInstanceOf(StateException.class)
                .hasMessage("cannot make a new state in " + file
                        + ": endpoint e1 refers to a record that is not there. Nothing was changed.");
        assertThat(StateFolder.of(folder).contents()).isEqualTo(whole.contents());
        assertThat(folder.resolve("weft.db.damaged-1")).doesNotExist();
    }

    /// As a killed process leaves it: the latest commits are in the log alone.
    private StateFolder killed() throws IOException {
        StateFolder killed;
        try (var registry = Registry.open(folder)) {
            registry.put(Sample.network(1));
            killed = StateFolder.of(folder);
        }
        killed.writeTo(folder);
        return killed;
    }

    @Test
    void a_new_file_that_cannot_be_written_replaces_nothing_and_the_log_stays() throws Exception {
        var whole = killed();
        assertThat(whole.bytes("weft.db-wal")).isNotEmpty();
        var obstacle = Files.createDirectories(folder.resolve("weft.db.new/not-empty"));
        assertThatThrownBy(() -> Registry.replace(folder, List.of())).isInstanceOf(StateException.class);
        assertThat(StateFolder.of(folder).contents()).isEqualTo(whole.contents());
        Files.delete(obstacle);
        try (var registry = Registry.open(folder)) {
            assertThat(registry.networks()).containsExactly(Sample.network(1));
        }
    }

    @Test
    void an_old_file_that_cannot_be_kept_stays_where_it_is() throws Exception {
        killed();
        Files.delete(folder.resolve("weft.db-wal"));
        Files.createDirectory(folder.resolve("weft.db-wal"));
        var bytes = Files.readAllBytes(file);
        assertThatThrownBy(() -> Registry.replace(folder, List.of())).isInstanceOf(StateException.class);
        assertThat(file).hasBinaryContent(bytes);
        assertThat(folder.resolve("weft.db.damaged-1")).doesNotExist();
        assertThat(folder.resolve("weft.db.new")).doesNotExist();
    }

    @Test
    void a_crash_between_making_the_new_file_and_removing_the_old_log_is_told() throws Exception {
        var old = killed();
        Registry.replace(folder, List.of());
        Files.write(folder.resolve("weft.db-wal"), old.bytes("weft.db-wal"));
        assertThatThrownBy(() -> Registry.open(folder))
                .hasMessage("cannot use the state in " + file + ": it is a backup, and " + file
                        + "-wal is the log of another file. Move the log away.");
        assertThat(Registry.replace(folder, List.of())).contains(folder.resolve("weft.db.damaged-2"));
        Registry.open(folder).close();
        assertThat(folder.resolve("weft.db.damaged-1")).hasBinaryContent(old.bytes("weft.db"));
        assertThat(folder.resolve("weft.db.damaged-1-wal")).hasBinaryContent(old.bytes("weft.db-wal"));
    }
}
