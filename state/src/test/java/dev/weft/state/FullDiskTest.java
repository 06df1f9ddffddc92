package dev.weft.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that is full, read-only or failing: a tmpfs in a mount namespace that ends with the process in it.
@DisplayNameGeneration(ReplaceUnderscores.class)
class FullDiskTest {
    private static final String MOUNT = "mount -t tmpfs -o size=6m,mode=0700 weft-test \"$0\" && exec \"$@\"";

    @TempDir
    Path folder;

    private StateProcess agent;

    @BeforeEach
    void start() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root; run with sudo");
        agent = StateProcess.start(
                List.of("unshare", "--mount", "sh", "-c", MOUNT, folder.toString()), Agent.class, folder.toString());
        assertThat(agent.say("open")).isEqualTo("opened, 0 endpoints");
    }

    @AfterEach
    void end() {
        if (agent != null) {
            agent.close();
        }
    }

    @Test
    void a_full_disk_refuses_writes_until_there_is_room_and_loses_nothing() throws Exception {
        assertThat(agent.say("put")).isEqualTo("put e0");
        assertThat(agent.say("fill")).isEqualTo("filled");
        int there = 0;
        var answer = "put e0";
        while (answer.startsWith("put ")) {
            there++;
            answer = agent.say("put");
        }
        assertThat(answer)
                .matches("cannot write to " + folder.resolve("weft.db") + ": \\[SQLITE_(FULL|IOERR\\w*)\\] .*"
                        + "\\. Nothing was changed; check that the disk is not full and is writable\\.");
        assertThat(agent.say("put")).isEqualTo(answer);
        assertThat(agent.say("count")).isEqualTo(there + " endpoints");
        assertThat(agent.say("free")).isEqualTo("freed");
        assertThat(agent.say("put")).isEqualTo("put e" + there);
        assertThat(agent.say("check")).isEqualTo("checked");
        assertThat(agent.say("close")).isEqualTo("closed");
        assertThat(agent.say("open")).isEqualTo("opened, " + (there + 1) + " endpoints");
    }

    @Test
    void a_process_that_is_gone_while_the_disk_is_full_has_lost_nothing_acknowledged() throws Exception {
        assertThat(agent.say("fill")).isEqualTo("filled");
        int there = 0;
        while (agent.say("put").startsWith("put ")) {
            there++;
        }
        assertThat(agent.say("crash")).isEqualTo("copied");
        assertThat(agent.say("open")).isEqualTo("opened, " + there + " endpoints");
        assertThat(agent.say("put")).isEqualTo("put e" + there);
    }

    @Test
    void a_backup_that_finds_no_room_leaves_nothing() throws Exception {
        agent.say("put");
        assertThat(agent.say("fill to the brim")).isEqualTo("filled");
        assertThat(agent.say("backup"))
                .isEqualTo("cannot back up the state in " + folder.resolve("weft.db") + " to " + folder.resolve("copy")
                        + ": No space left on device. Check that the folder is there, writable and not full.");
        assertThat(agent.say("copies")).isEqualTo("[]");
        assertThat(agent.say("free")).isEqualTo("freed");
        assertThat(agent.say("backup")).isEqualTo("backed up [copy]");
    }

    @Test
    void a_read_only_folder_is_refused_and_can_be_looked_at() throws Exception {
        agent.say("put");
        agent.say("close");
        assertThat(agent.say("ro")).isEqualTo("0");
        assertThat(agent.say("open"))
                .startsWith("cannot open the state in " + folder.resolve("weft.db") + ": ")
                .endsWith(". Check that the disk is not full and is writable, then restart the agent.");
        assertThat(agent.say("look")).isEqualTo("1 endpoints");
        assertThat(agent.say("backup elsewhere")).isEqualTo("backed up 1 endpoints");
        assertThat(agent.say("rw")).isEqualTo("0");
        assertThat(agent.say("open")).isEqualTo("opened, 1 endpoints");
    }

    @Test
    void writes_that_fail_with_any_error_can_be_repeated_when_it_is_over() throws Exception {
        assertThat(agent.say("put")).isEqualTo("put e0");
        assertThat(agent.say("limit")).isEqualTo("0");
        int there = 0;
        var answer = "put e0";
        while (answer.startsWith("put ")) {
            there++;
            answer = agent.say("put");
        }
        assertThat(answer).startsWith("cannot write to ").contains("[SQLITE_IOERR_WRITE]");
        assertThat(agent.say("no limit")).isEqualTo("0");
        assertThat(agent.say("put")).isEqualTo("put e" + there);
        assertThat(agent.say("close")).isEqualTo("closed");
        assertThat(agent.say("open")).isEqualTo("opened, " + (there + 1) + " endpoints");
    }

    @Test
    void what_a_failed_commit_may_have_left_in_the_log_is_gone_before_the_next_one() throws Exception {
        for (int i = 0; i < 10; i++) {
            agent.say("put");
        }
        assertThat(Integer.parseInt(agent.say("frames"))).isGreaterThan(20);
        assertThat(agent.say("limit to nothing")).isEqualTo("0");
        assertThat(agent.say("put")).startsWith("cannot write to ");
        assertThat(Integer.parseInt(agent.say("frames"))).isGreaterThan(20);
        assertThat(agent.say("no limit")).isEqualTo("0");
        assertThat(agent.say("put")).isEqualTo("put e10");
        assertThat(Integer.parseInt(agent.say("frames"))).isLessThan(10);
        assertThat(agent.say("check")).isEqualTo("checked");
    }

    /// Does what it is told, in the folder.
    static final class Agent {
        private final Path folder;
        private final Path filler;
        private Registry registry;
        private int number;

        private Agent(Path folder) {
            this.folder = folder;
            filler = folder.resolve("filler");
        }

        public static void main(String[] arguments) {
            var agent = new Agent(Path.of(arguments[0]));
            StateProcess.commands().forEach(command -> {
                try {
                    System.out.println(agent.does(command));
                } catch (StateException refusal) {
                    System.out.println(refusal.getMessage());
                } catch (IOException | InterruptedException broken) {
                    System.out.println(broken);
                }
            });
        }

        private String does(String command) throws IOException, InterruptedException {
            return switch (command) {
                case "open" -> open();
                case "put" -> put();
                case "fill" -> fill(200_000);
                case "fill to the brim" -> fill(8_000);
                case "count" -> registry.endpoints().size() + " endpoints";
                case "free" -> {
                    Files.delete(filler);
                    yield "freed";
                }
                case "check" -> {
                    registry.check();
                    yield "checked";
                }
                case "backup" -> {
                    registry.backup(folder.resolve("copy"));
                    yield "backed up " + named("copy");
                }
                case "backup elsewhere" -> "backed up " + elsewhere();
                case "close" -> {
                    registry.close();
                    yield "closed";
                }
                case "copies" -> named("copy").toString();
                case "crash" -> crash();
                case "look" ->
                    ((StateCheck.Sound) StateCheck.of(folder)).records().get("endpoint") + " endpoints";
                case "ro", "rw" -> run("mount", "-o", "remount,bind," + command, folder.toString());
                case "limit" -> limit("--fsize=200000:unlimited");
                case "limit to nothing" -> limit("--fsize=1:unlimited");
                case "frames" -> Long.toString(Files.size(folder.resolve("weft.db-wal")) / 4120);
                case "no limit" -> limit("--fsize=unlimited:unlimited");
                default -> throw new IllegalArgumentException(command);
            };
        }

        private String open() {
            registry = Registry.open(folder);
            IntStream.range(0, 12).forEach(i -> registry.put(Sample.network(i)));
            return "opened, " + registry.endpoints().size() + " endpoints";
        }

        private String elsewhere() throws IOException {
            var other = Files.createTempDirectory("weft-test-");
            var copy = other.resolve("weft.db");
            Registry.backup(folder, copy);
            var there = ((StateCheck.Sound) StateCheck.of(other)).records().get("endpoint") + " endpoints";
            Files.delete(copy);
            Files.delete(other);
            return there;
        }

        private String put() {
            registry.put(Sample.endpoint(number));
            number++;
            return "put e" + (number - 1);
        }

        private String fill(int rest) throws IOException {
            var store = Files.getFileStore(folder);
            Files.write(filler, new byte[(int) store.getUsableSpace() - rest]);
            return "filled";
        }

        private List<String> named(String beginning) throws IOException {
            try (var files = Files.list(folder)) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> name.startsWith(beginning))
                        .toList();
            }
        }

        /// What a killed process leaves, copied before this one tidies up.
        private String crash() throws IOException {
            var left = StateFolder.of(folder);
            registry.close();
            left.writeTo(folder);
            return "copied";
        }

        private static String limit(String limit) throws IOException, InterruptedException {
            return run("prlimit", "--pid", Long.toString(ProcessHandle.current().pid()), limit);
        }

        private static String run(String... words) throws IOException, InterruptedException {
            return Integer.toString(new ProcessBuilder(words).start().waitFor());
        }
    }
}
