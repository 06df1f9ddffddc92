package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Host;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A page whose commands are typed on a host, section by section, and compared with what the page says they print.
/// What it does with systemd is done with the host's agent.
final class TypedPage implements AutoCloseable {
    private static final String UNITS = " weft.socket weft.service";

    private final Host host;
    private final Path markdown;
    private final Terminal terminal;

    TypedPage(Host host, Path markdown) throws IOException {
        this.host = host;
        this.markdown = markdown;
        terminal = new Terminal(host, Path.of("/"));
        var launcher = Path.of(System.getProperty("weft.home")).resolve("weft");
        terminal.type("weft() { WEFT_TESTING=yes " + launcher + " \"$@\"; }");
    }

    /// Types what stands below that heading.
    void section(String title) throws IOException {
        var commands = Page.commands(markdown, title);
        assertThat(commands).as(title).isNotEmpty();
        for (var command : commands) {
            type(command);
        }
    }

    private void type(Page.Command command) throws IOException {
        switch (command.line()) {
            case "systemctl stop" + UNITS -> host.stopAgent();
            case "systemctl start" + UNITS -> host.startAgent();
            case "weft doctor" ->
                Eventually.isTrue(
                        "the doctor says " + command.output(),
                        () -> host.weft("doctor").out().strip().equals(command.output()));
            default -> {
                var answer = terminal.type(command.line());
                assertThat(answer.exitCode())
                        .as("%s: %s", command.line(), answer.output())
                        .isZero();
                assertThat(answer.output()).as(command.line()).matches(printed(command.output()));
            }
        }
    }

    /// `…` stands for any text, also behind the last line.
    private static Pattern printed(String output) {
        var parts = Arrays.stream(output.split("…", -1)).map(Pattern::quote).collect(Collectors.joining("(?s:.*)"));
        return Pattern.compile(output.isEmpty() ? "(?s:.*)" : parts);
    }

    @Override
    public void close() {
        terminal.close();
    }
}
