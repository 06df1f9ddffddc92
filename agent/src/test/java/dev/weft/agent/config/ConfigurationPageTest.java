package dev.weft.agent.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// docs/configuration.md is what the code does.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigurationPageTest {
    private static final Path PAGE = Path.of(System.getProperty("weft.home"), "docs/configuration.md");

    @Test
    void each_key_is_in_the_page_with_its_values_default_and_names() throws IOException {
        assertThat(Files.readAllLines(PAGE).stream()
                        .filter(line -> line.matches("\\| `[a-z_.]+` \\|.*"))
                        .toList())
                .containsExactlyElementsOf(
                        Keys.ALL.stream().map(ConfigurationPageTest::row).toList());
    }

    private static String row(Key<?> key) {
        var flag = key.flag().isEmpty() ? "" : ", `" + key.flag() + "`";
        return "| `" + key.name() + "` | " + key.kind().form() + " | `"
                + Example.value(key.byDefault().plain()) + "` | `" + key.variable() + "`" + flag + " | " + key.meaning()
                + " |";
    }

    @Test
    void its_example_is_right(@TempDir Path folder) throws IOException {
        var example = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("    "))
                .map(String::strip)
                .takeWhile(line -> !line.startsWith("weft "))
                .collect(joining("\n"));
        var file = Files.writeString(folder.resolve("weft.toml"), example);
        var told = Configuration.read(file, Map.of(), Map.of());
        assertThat(told).isInstanceOf(Outcome.Valid.class);
        assertThat(told.configuration().startMissedContainers()).isTrue();
        assertThat(told.configuration().logLevel()).isEqualTo(LogLevel.DEBUG);
        assertThat(told.configuration().localPools()).hasSize(1);
    }

    @Test
    void the_file_that_is_installed_says_nothing_and_every_line_of_it_may_be_said(@TempDir Path folder)
            throws IOException {
        var installed = Files.writeString(folder.resolve("installed.toml"), Configuration.example());
        assertThat(told(installed)).isEqualTo(told(folder.resolve("none.toml")));

        var uncommented = Configuration.example()
                .lines()
                .map(line -> line.matches("# [a-z_]+ = .*") ? line.substring(2) : line)
                .collect(joining("\n"));
        var said = Configuration.read(Files.writeString(folder.resolve("said.toml"), uncommented), Map.of(), Map.of());
        assertThat(said).isInstanceOfSatisfying(Outcome.Valid.class, valid -> {
            assertThat(valid.configuration()).isEqualTo(told(installed));
            assertThat(valid.settings()).noneMatch(setting -> setting.origin() instanceof Origin.Preset);
        });
    }

    private static Configuration told(Path file) {
        return Configuration.read(file, Map.of(), Map.of()).configuration();
    }
}
