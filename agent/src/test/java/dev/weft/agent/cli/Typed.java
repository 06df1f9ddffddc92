package dev.weft.agent.cli;

import dev.weft.agent.config.Configuration;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

/// What a command printed, and how it ended.
record Typed(int exitCode, String out, String err) {
    /// @param file that is read unless another is named
    static Typed weft(Path file, Map<String, String> environment, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = Commands.all("weft 1.2.3", flags -> Configuration.read(file, environment, flags))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Typed(exitCode, out.toString(), err.toString());
    }

    /// Without a file and an environment.
    static Typed weft(String... arguments) {
        return weft(Path.of("/nowhere/weft.toml"), Map.of(), arguments);
    }
}
