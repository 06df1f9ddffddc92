package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CacheTest {
    /// Fills the cache in the folder it is given.
    static final class Filler {
        private Filler() {}

        static void main(String... arguments) {
            new Cache(Path.of(arguments[0]), System.out::println).tools();
        }
    }

    @Test
    @Tag("lab")
    void of_two_who_fill_it_at_the_same_time_one_waits_for_the_other(@TempDir Path folder) throws Exception {
        Path half = Files.createDirectories(folder.resolve("tools-2.half/tree/usr"));
        Files.writeString(half.resolve("damaged"), "of one that was killed");
        var fillers = List.of(
                Victim.start(Filler.class, List.of(), folder.toString()),
                Victim.start(Filler.class, List.of(), folder.toString()));
        var printed = new StringBuilder();
        for (Victim filler : fillers) {
            filler.out().lines().forEach(line -> printed.append(line).append('\n'));
            assertThat(filler.process().waitFor()).as(printed.toString()).isZero();
        }
        assertThat(printed.toString()).matches("fetching its tools from Debian bookworm \\.\\.\\. \\d+ MB\n");
        assertThat(folder.resolve("tools-2/usr/sbin/xtables-nft-multi")).isExecutable();
        assertThat(folder.resolve("tools-2/busybox.tar")).isNotEmptyFile();
        assertThat(folder.resolve("tools-2/usr/damaged")).doesNotExist();
        assertThat(folder.resolve("tools-2.half")).doesNotExist();
        Cache.delete(folder.resolve("tools-2")); // JUnit would warn of its links to files of the machine
    }

    @Test
    void another_engine_than_the_wanted_one_is_not_taken_silently() {
        var offers = List.of(
                new Apt.Offer("docker-cli", "28.5.2+dfsg4-5", 1), new Apt.Offer("docker.io", "29.1.0+dfsg1-1", 1));
        assertThatThrownBy(() -> Cache.requireVersion(Engine.V28_5, offers))
                .hasMessage("Debian sid now has Docker Engine 29.1.0+dfsg1-1 instead of 28.5; choose another with"
                        + " -Dweft.engine, or bring a cache that has it (WEFT_CACHE)");
    }
}
