package dev.weft.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.lab.Host;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/// A shell on a host, in which one command is typed after the other.
final class Terminal implements AutoCloseable {
    private static final String PROMPT = "-- exit code ";

    private final Process shell;
    private final BufferedReader output;

    /// @param exitCode of the command, 0 for one in the background
    record Answer(int exitCode, String output) {}

    /// A shell in that folder, with this JVM's Java.
    Terminal(Host host, Path folder) throws IOException {
        shell = host.start("bash");
        output = shell.inputReader(UTF_8);
        type("exec 2>&1; cd " + folder + "; PATH=" + Path.of(System.getProperty("java.home"), "bin") + ":$PATH");
    }

    /// Returns when the command has ended or is in the background.
    Answer type(String command) throws IOException {
        shell.outputWriter(UTF_8)
                .append(command)
                .append("\ncode=$?; echo; echo '" + PROMPT + "'$code\n")
                .flush();
        var printed = new StringBuilder();
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(PROMPT)) {
                return new Answer(
                        Integer.parseInt(line.substring(PROMPT.length())),
                        printed.toString().strip());
            }
            printed.append(line).append('\n');
        }
        throw new IOException("the shell ended at '" + command + "'; it printed: " + printed);
    }

    /// Ends the shell and all that it has started.
    @Override
    public void close() {
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.onExit().join();
    }
}
