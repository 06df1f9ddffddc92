package dev.weft.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CommandsTest {
    private static final Set<String> GROUPS =
            Set.of("weft", "weft network", "weft endpoint", "weft ipam", "weft state", "weft engine", "weft config");

    @Test
    void the_version_is_told() {
        assertThat(Typed.weft("version")).isEqualTo(new Typed(0, "weft 1.2.3\n", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tset               | unknown command 'tset'. See weft --help.",
                "config chek        | unknown command 'chek'. See weft config --help.",
                "config             | a command is missing. See weft config --help.",
                "network inspect    | missing required parameter: 'NETWORK'. See weft network inspect --help.",
                "version 1          | unknown argument '1'. See weft version --help.",
                "config show --jsno | unknown option '--jsno'. See weft config show --help.",
                "config check --config | missing required parameter for option '--config' (FILE). See weft config check --help.",
                "config check --state /a --state /b | option '--state' (FOLDER) should be specified only once."
                        + " See weft config check --help.",
            })
    void what_is_mistyped_is_told_in_one_sentence_and_ends_with_2(String arguments, String sentence) {
        assertThat(Typed.weft(arguments.split(" "))).isEqualTo(new Typed(2, "", "weft: " + sentence + "\n"));
    }

    @Test
    void without_a_command_one_is_missing() {
        assertThat(Typed.weft()).isEqualTo(new Typed(2, "", "weft: a command is missing. See weft --help.\n"));
    }

    @Test
    void a_command_that_fails_says_why_and_ends_with_1() {
        var err = new java.io.StringWriter();
        int exitCode = Commands.all("", _ -> {
                    throw new IllegalStateException("the disk is gone.");
                })
                .setErr(new java.io.PrintWriter(err, true))
                .execute("config", "check");
        assertThat(exitCode).isEqualTo(1);
        assertThat(err).hasToString("weft: the disk is gone.\n");
    }

    /// As `weft config show`, the root first.
    private static List<String> paths(CommandLine line) {
        var paths = new ArrayList<String>();
        paths.add(line.getCommandSpec().qualifiedName());
        line.getSubcommands().values().forEach(command -> paths.addAll(paths(command)));
        return paths;
    }

    @Test
    void every_command_explains_itself_in_80_columns() {
        assertThat(paths(Commands.all("", _ -> {
                    throw new AssertionError();
                })))
                .filteredOn(path -> !path.equals("weft help"))
                .hasSize(26)
                .allSatisfy(path -> {
                    var help = Typed.weft(
                            (path + " --help").substring("weft ".length()).split(" "));
                    assertThat(help.exitCode()).isZero();
                    assertThat(help.out()).startsWith("Usage: " + path + " ");
                    assertThat(help.out().lines())
                            .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
                });
    }

    @Test
    void every_command_is_in_the_page_of_commands() throws IOException {
        var page = Files.readString(Path.of(System.getProperty("weft.home"), "docs/cli.md"));
        var told = Pattern.compile("^\\| `(weft [a-z ]+[a-z])", Pattern.MULTILINE)
                .matcher(page)
                .results();
        assertThat(told.map(match -> match.group(1)))
                .contains("weft agent", "weft config check", "weft config show", "weft version", "weft help");
        assertThat(paths(Commands.all("", _ -> {
                            throw new AssertionError();
                        }))
                        .stream()
                        .filter(path -> !GROUPS.contains(path)))
                .allSatisfy(path -> assertThat(page).contains("| `" + path));
    }
}
