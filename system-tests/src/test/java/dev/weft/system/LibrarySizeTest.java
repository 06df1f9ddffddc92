package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What a plugin carries along.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LibrarySizeTest {
    private static final Path DIST = Path.of(System.getProperty("weft.home"), "plugin/target/dist");

    @Test
    void the_library_and_all_that_it_needs_have_5_MB_at_most() throws IOException {
        try (var files = Files.list(DIST)) {
            var sizes = files.collect(
                    Collectors.toMap(Path::getFileName, file -> file.toFile().length()));
            assertThat(sizes.keySet().toString()).contains("weft-plugin-", "weft-http-", "netty-codec-http-");
            assertThat(sizes.values().stream().mapToLong(size -> size).sum())
                    .as("bytes of %s", sizes)
                    .isLessThanOrEqualTo(5_000_000);
        }
    }
}
