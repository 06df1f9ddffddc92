package dev.weft.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file as Weft wrote it before there were clusters: `format-2.db` was written by that Weft.
@DisplayNameGeneration(ReplaceUnderscores.class)
class Format2Test {
    private static final List<StateRecord> RECORDS = List.of(
            new EngineRecord("7ZTD:AAAA", "host-1", "28.5.2"),
            new NetworkRecord(
                    "n1",
                    "web",
                    "vxlan",
                    1450,
                    false,
                    List.of(new NetworkSubnet(Subnet.parse("10.1.0.0/16"), Cidr.parse("10.1.0.1/16"), "weft-local")),
                    Map.of("mode", "vxlan")),
            new EndpointRecord(
                            "e1",
                            "n1",
                            Cidr.parse("10.1.0.2/16"),
                            null,
                            MacAddress.parse("02:42:0a:01:00:02"),
                            Map.of("egress_rate", "10mbit"))
                    .joinedTo("/run/netns/1")
                    .seenAs("eth0")
                    .of("web-1"),
            new PoolRecord("weft-local", Subnet.parse("10.1.0.0/16"), Subnet.parse("10.1.0.0/16"), "n1", Map.of()),
            new AddressRecord(
                    "weft-local/10.1.0.0/16", InetAddress.ofLiteral("10.1.0.2"), AddressRecord.Purpose.CHOSEN, 1),
            new Tombstone(Tombstone.Kind.NETWORK, "n0", "old", "by hand", Instant.ofEpochMilli(1000)));

    @TempDir
    Path folder;

    private byte[] old = {};

    @BeforeEach
    void write() throws IOException {
        try (var resource = Format2Test.class.getResourceAsStream("format-2.db")) {
            old = resource.readAllBytes();
        }
        Files.write(folder.resolve("weft.db"), old);
    }

    private void assertThatAllIsThere(String what) {
        try (var registry = Registry.open(folder)) {
            assertThat(Sample.in(registry)).as(what).containsExactlyInAnyOrderElementsOf(RECORDS);
            registry.check();
        }
    }

    @Test
    void all_that_it_had_is_there_once_and_again_and_the_old_file_is_kept() throws IOException {
        assertThat(StateCheck.of(folder)).isInstanceOfSatisfying(StateCheck.Sound.class, sound -> {
            assertThat(sound.format()).isEqualTo(2);
            assertThat(sound.records()).containsEntry("network", 1).containsEntry("address", 1);
        });
        assertThatAllIsThere("migrated");
        assertThat(StateCheck.of(folder))
                .isInstanceOfSatisfying(
                        StateCheck.Sound.class,
                        sound -> assertThat(sound.format()).isEqualTo(3));
        assertThatAllIsThere("opened again");
        Files.move(
                folder.resolve("weft.db.format-2"),
                folder.resolve("weft.db"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.delete(folder.resolve("weft.db-commits"));
        assertThatAllIsThere("the copy");
    }

    @Test
    void a_changed_row_is_damage() throws IOException {
        int name = new String(old, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("web-1");
        var changed = old.clone();
        changed[name] = 'x';
        Files.write(folder.resolve("weft.db"), changed);
        assertThatThrownBy(() -> Registry.open(folder)).hasMessageContaining("is damaged: ");
        assertThat(Files.readAllBytes(folder.resolve("weft.db"))).isEqualTo(changed);
    }

    @Test
    void wherever_a_crash_ends_the_change_the_one_format_or_the_other_is_there() throws IOException {
        StateFolder crashed;
        try (var connection = StateFile.inWalMode(folder.resolve("weft.db"))) {
            var database = new Database(connection, Seal.NONE.after(100), _ -> {});
            StateFile.migrate(database, Format2.TABLES, RECORDS);
            crashed = StateFolder.of(folder);
        } catch (java.sql.SQLException failure) {
            throw new AssertionError(failure);
        }
        var log = crashed.bytes("weft.db-wal");
        for (int end = 0; end <= log.length; end += 1024) {
            crashed.with("weft.db-wal", Arrays.copyOf(log, end)).writeTo(folder);
            assertThatAllIsThere("cut at " + end);
        }
    }
}
