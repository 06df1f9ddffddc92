package dev.weft.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
@DockerHosts
@DisplayNameGeneration(ReplaceUnderscores.class)
class StateDiskTest {
    private static final String FILE = "/var/lib/weft/file";
    private static final String APPEND = "echo more >>" + FILE + " && sync " + FILE;

    /// Opens the file once, and answers for each line whether it could be written.
    private static final String WRITER = "exec 3>>" + FILE + "; while read line; do" + " if echo $line >&3 && sync "
            + FILE + "; then echo written; else echo refused; fi; done 2>/dev/null";

    @BeforeEach
    void make_a_file(Host host) throws IOException {
        host.sh("rm -f /var/lib/weft/*").ok();
        Files.writeString(host.path(FILE), "first\n");
        host.limitState(8);
    }

    private static String content(Host host) throws IOException {
        return Files.readString(host.path(FILE));
    }

    private static void assertFull(Host host) {
        assertThat(host.sh("dd if=/dev/zero of=/var/lib/weft/new bs=1 count=1").err())
                .contains("No space left on device");
    }

    @Test
    void what_was_there_is_there_and_nothing_else(Host host) throws IOException {
        assertThat(host.sh("ls -A /var/lib/weft").ok().text()).isEqualTo("file");
        assertThat(content(host)).isEqualTo("first\n");
        host.sh(APPEND).ok();
        host.limitState(16);
        assertThat(content(host)).isEqualTo("first\nmore\n");
        assertThat(Integer.parseInt(host.sh("stat -f -c %b /var/lib/weft").ok().text()))
                .isBetween(12_000, 16_384);
    }

    @Test
    void a_full_disk_takes_nothing_until_there_is_room(Host host) throws IOException {
        host.fillState();
        assertFull(host);
        host.freeState();
        host.sh(APPEND).ok();
        assertThat(content(host)).isEqualTo("first\nmore\n");
    }

    @Test
    void a_disk_goes_bad_under_a_program_that_writes_and_the_next_one_finds_it_repaired(Host host) throws Exception {
        var writer = host.start("sh", "-c", WRITER);
        try (var to = writer.outputWriter(UTF_8);
                var from = writer.inputReader(UTF_8)) {
            to.append("one\n").flush();
            assertThat(from.readLine()).isEqualTo("written");
            host.stateReadOnly(true);
            to.append("two\n").flush();
            assertThat(from.readLine()).isEqualTo("refused");
            assertThat(host.sh(APPEND).err()).contains("Read-only file system");
            assertThat(content(host)).isEqualTo("first\none\n");
            host.stateReadOnly(false);
            host.sh(APPEND).ok();
            assertThat(content(host)).isEqualTo("first\none\nmore\n");
        }
        assertThat(writer.waitFor()).isZero();
    }

    @Test
    void a_disk_that_nobody_writes_to_is_made_read_only_and_writable(Host host) throws IOException {
        host.stateReadOnly(true);
        assertThat(host.sh(APPEND).err()).contains("Read-only file system");
        host.stateReadOnly(false);
        host.sh(APPEND).ok();
        assertThat(content(host)).isEqualTo("first\nmore\n");
    }

    @Test
    void one_that_is_full_is_full_after_a_power_loss(Host host) {
        host.fillState();
        host.crash();
        host.boot();
        assertFull(host);
        host.freeState();
        host.sh(APPEND).ok();
    }

    @Test
    void one_that_is_bad_is_repaired_at_boot(Host host) throws IOException {
        var writer = host.start("sh", "-c", WRITER);
        try (var to = writer.outputWriter(UTF_8);
                var from = writer.inputReader(UTF_8)) {
            to.append("one\n").flush();
            assertThat(from.readLine()).isEqualTo("written");
            host.stateReadOnly(true);
            host.crash();
        }
        assertThatThrownBy(() -> host.path(FILE)).hasMessage("host h1 is down (crash); boot it first");
        host.boot();
        assertThat(writer.isAlive()).isFalse();
        assertThat(content(host)).isEqualTo("first\none\n");
        host.sh(APPEND).ok();
    }
}
