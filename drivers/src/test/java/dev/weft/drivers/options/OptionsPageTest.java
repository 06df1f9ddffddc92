package dev.weft.drivers.options;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.drivers.WeftDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OptionsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "options.md");

    @Test
    void the_page_has_a_row_for_each_option_and_no_other() throws IOException {
        var rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.endsWith("|") && line.split("\\|").length == 9 && line.startsWith("| `"))
                .map(line -> line.substring(0, line.lastIndexOf('|', line.length() - 2) + 1))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(
                        WeftDriver.options().stream().map(OptionsPageTest::row).toList());
    }

    private static String row(Option option) {
        var places = option.places().stream()
                .sorted(Comparator.naturalOrder())
                .map(Option.Place::toString)
                .collect(joining(", "));
        return "| `" + option.name() + "` | " + places + " | " + option.type() + " | " + option.fallback() + " | "
                + option.unit() + " | " + option.mode() + " | " + option.since() + " |";
    }
}
