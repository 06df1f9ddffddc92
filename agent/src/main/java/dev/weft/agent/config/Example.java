package dev.weft.agent.config;

import static java.util.stream.Collectors.joining;

import java.util.List;

/// A configuration file that says nothing yet: every key with its meaning and its default, behind `#`.
final class Example {
    private Example() {}

    static String text() {
        var text = new StringBuilder("""
                # Configuration of the Weft agent, read when it starts. What stands here behind '# ' is what holds anyway.
                # weft config check tells whether this file is right, weft config show what the agent makes of it.
                """);
        var table = "";
        for (var key : Keys.ALL) {
            if (!key.table().equals(table)) {
                table = key.table();
                text.append("\n[").append(table).append("]\n");
            }
            text.append("# ")
                    .append(key.meaning())
                    .append(" (")
                    .append(key.kind().form())
                    .append(")\n");
            text.append("# ").append(key.name().substring(table.length() + 1));
            text.append(" = ").append(value(key.byDefault().plain())).append("\n");
        }
        return text.toString();
    }

    /// As TOML has it.
    static String value(Object plain) {
        return switch (plain) {
            case List<?> items -> items.stream().map(Example::value).collect(joining(", ", "[", "]"));
            case Boolean truth -> truth.toString();
            case Integer number -> number.toString();
            case Object text -> '"' + text.toString() + '"';
        };
    }
}
