package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class SocketFileTest {
    private static final HttpHandler HERE = _ -> new HttpResponse(200, "", "from here");

    @TempDir
    private Path folder;

    private Path socket() {
        return folder.resolve("weft.sock");
    }

    private static String get(Path socket) throws IOException {
        try (var client = new RawClient(socket)) {
            return client.send("GET / HTTP/1.1\r\n\r\n").answer();
        }
    }

    private static void leaveStaleSocket(Path at) throws IOException {
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(at));
        }
        assertThat(at).exists();
    }

    private void assertNothingElseIsLeft() throws IOException {
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(socket());
        }
    }

    @Test
    void the_socket_has_mode_0600_whenever_it_can_be_seen() throws Exception {
        var modes = new ConcurrentSkipListSet<String>();
        var done = new AtomicBoolean();
        try (var threads = Executors.newSingleThreadExecutor()) {
            var watching = threads.submit(() -> {
                while (!done.get()) {
                    try {
                        modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
                    } catch (NoSuchFileException notNow) {
                        Thread.onSpinWait();
                    }
                }
                return null;
            });
            for (int i = 0; i < 30 || modes.isEmpty(); i++) {
                HttpServer.listen(socket(), HERE).close();
            }
            done.set(true);
            watching.get();
        }
        assertThat(modes).isEqualTo(Set.of("rw-------"));
    }

    @Test
    void missing_folders_are_made_and_nothing_but_the_socket_is_left_in_them() throws IOException {
        var deep = folder.resolve("run/docker/plugins/weft.sock");
        try (var _ = HttpServer.listen(deep, HERE)) {
            assertThat(get(deep)).isEqualTo("200 from here");
            try (var files = Files.list(deep.getParent())) {
                assertThat(files).containsExactly(deep);
            }
        }
        assertThat(deep.getParent()).isEmptyDirectory();
    }

    @Test
    void a_socket_that_nobody_serves_is_replaced() throws IOException {
        leaveStaleSocket(socket());
        try (var _ = HttpServer.listen(socket(), HERE)) {
            assertThat(get(socket())).isEqualTo("200 from here");
            assertNothingElseIsLeft();
        }
    }

    @Test
    void a_socket_that_is_served_is_refused_and_goes_on_being_served() throws IOException {
        try (var _ = HttpServer.listen(socket(), HERE)) {
            assertThatThrownBy(() -> HttpServer.listen(socket(), HERE))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot listen on " + socket() + ": another process is serving it. "
                            + "Stop that one first, or use another path.");
            assertThat(get(socket())).isEqualTo("200 from here");
            assertNothingElseIsLeft();
        }
    }

    @Test
    void a_socket_served_by_another_process_is_refused_until_that_one_is_killed() throws Exception {
        try (var other = new ServingProcess(socket())) {
            assertThat(other.outcome()).isEqualTo("serving");
            assertThatThrownBy(() -> HttpServer.listen(socket(), HERE))
                    .hasMessageContaining("another process is serving it");
            assertThat(get(socket())).isEqualTo("200 from the other process");
            other.kill();
            assertThat(socket()).exists();
            try (var _ = HttpServer.listen(socket(), HERE)) {
                assertThat(get(socket())).isEqualTo("200 from here");
            }
        }
    }

    @Test
    void of_processes_that_start_at_once_on_a_stale_socket_exactly_one_serves() throws Exception {
        leaveStaleSocket(socket());
        var processes = new ArrayList<ServingProcess>();
        try {
            for (int i = 0; i < 4; i++) {
                processes.add(new ServingProcess(socket()));
            }
            var outcomes = new ArrayList<String>();
            for (var process : processes) {
                outcomes.add(process.outcome());
            }
            assertThat(outcomes).filteredOn("serving"::equals).hasSize(1);
            assertThat(outcomes)
                    .filteredOn(outcome -> outcome.contains("another process is serving it"))
                    .hasSize(3);
            assertThat(get(socket())).isEqualTo("200 from the other process");
        } finally {
            for (var process : processes) {
                process.close();
            }
        }
    }

    @Test
    void of_threads_that_start_at_once_on_a_stale_socket_exactly_one_serves() throws Exception {
        for (int round = 0; round < 20; round++) {
            Files.deleteIfExists(socket());
            leaveStaleSocket(socket());
            var together = new CyclicBarrier(4);
            var started = new ArrayList<HttpServer>();
            try (var threads = Executors.newFixedThreadPool(4)) {
                var attempts = new ArrayList<Future<HttpServer>>();
                for (int i = 0; i < 4; i++) {
                    attempts.add(threads.submit(() -> {
                        together.await();
                        return HttpServer.listen(socket(), HERE);
                    }));
                }
                for (var attempt : attempts) {
                    try {
                        started.add(attempt.get());
                    } catch (java.util.concurrent.ExecutionException refused) {
                        assertThat(refused).hasMessageContaining("another process is serving it");
                    }
                }
            }
            assertThat(started).hasSize(1);
            started.getFirst().close();
        }
    }

    @Test
    void what_a_crash_in_the_middle_of_starting_leaves_is_in_nobodys_way() throws IOException {
        Files.createFile(folder.resolve(".weft.sock.lock"));
        Files.createDirectory(folder.resolve(".weft.sock"));
        leaveStaleSocket(folder.resolve(".weft.sock/s"));
        try (var _ = HttpServer.listen(socket(), HERE)) {
            assertThat(get(socket())).isEqualTo("200 from here");
            assertNothingElseIsLeft();
        }
    }

    @Test
    void a_regular_file_is_refused_and_kept() throws IOException {
        Files.writeString(socket(), "precious");
        assertThatThrownBy(() -> HttpServer.listen(socket(), HERE))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen on " + socket()
                        + ": it is there already and not a socket. Remove it, or use another path.");
        assertThat(socket()).hasContent("precious");
        assertNothingElseIsLeft();
    }

    @Test
    void a_folder_and_a_dangling_link_are_refused_and_kept() throws IOException {
        Files.createDirectory(socket());
        assertThatThrownBy(() -> HttpServer.listen(socket(), HERE)).hasMessageContaining("not a socket");
        assertThat(socket()).isDirectory();
        var link = Files.createSymbolicLink(folder.resolve("link.sock"), folder.resolve("nothing"));
        assertThatThrownBy(() -> HttpServer.listen(link, HERE)).hasMessageContaining("not a socket");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void a_file_where_a_folder_should_be_is_named() throws IOException {
        var file = Files.createFile(folder.resolve("plugins"));
        assertThatThrownBy(() -> HttpServer.listen(file.resolve("weft.sock"), HERE))
                .hasMessage("cannot listen on " + file + "/weft.sock: " + file
                        + " is in the way. Remove it, or use another path.");
    }

    @Test
    void a_path_that_can_be_no_socket_is_refused_in_words() {
        assertThatThrownBy(() -> HttpServer.listen(Path.of("/"), HERE))
                .hasMessage("cannot listen on /: it is a folder. Name a file in it.");
        assertThatThrownBy(() -> HttpServer.listen(Path.of("/proc/weft/weft.sock"), HERE))
                .hasMessage(
                        "cannot listen on /proc/weft/weft.sock: no folder can be made at /proc/weft. Use another path.");
    }

    @Test
    void the_longest_path_is_103_bytes_and_a_longer_one_is_refused_with_its_length() throws IOException {
        int room = 103 - folder.toString().length() - 1;
        var longest = folder.resolve("s".repeat(room));
        try (var _ = HttpServer.listen(longest, HERE)) {
            assertThat(get(longest)).isEqualTo("200 from here");
        }
        var longer = folder.resolve("s".repeat(room + 1));
        assertThatThrownBy(() -> HttpServer.listen(longer, HERE))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "cannot listen on " + longer + ": the path has 104 bytes, and at most 103 can be used for a "
                                + "unix socket. Use a shorter one.");
    }

    @Test
    void closing_leaves_a_file_that_has_taken_the_place() throws IOException {
        var server = HttpServer.listen(socket(), HERE);
        Files.delete(socket());
        try (var _ = HttpServer.listen(socket(), _ -> new HttpResponse(200, "", "from the successor"))) {
            server.close();
            assertThat(get(socket())).isEqualTo("200 from the successor");
        }
    }

    @Test
    void closing_does_not_mind_that_the_file_or_its_folder_is_gone() throws IOException {
        var other = folder.resolve("gone/weft.sock");
        try (var logged = new LoggedRecords(HttpServer.class)) {
            var server = HttpServer.listen(other, HERE);
            Files.delete(other);
            Files.delete(other.getParent());
            server.close();
            assertThat(logged.messages()).isEmpty();
        }
        assertThat(other.getParent()).doesNotExist();
    }
}
