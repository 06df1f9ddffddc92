package dev.weft.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A Java process of the tests, which is told what to do and answers in lines.
record StateProcess(Process process, BufferedReader output, PrintStream input) implements AutoCloseable {
    private static final BufferedReader COMMANDS = new BufferedReader(new InputStreamReader(System.in, UTF_8));

    static StateProcess start(Class<?> main, String... arguments) throws IOException {
        return start(List.of(), main, arguments);
    }

    /// @param words what comes before `java`
    static StateProcess start(List<String> words, Class<?> main, String... arguments) throws IOException {
        var command = new ArrayList<>(words);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new StateProcess(
                process, process.inputReader(UTF_8), new PrintStream(process.getOutputStream(), true, UTF_8));
    }

    /// In the process: all that is said, until the input ends.
    static Stream<String> commands() {
        return COMMANDS.lines();
    }

    @Nullable
    String say(String command) throws IOException {
        input.println(command);
        return output.readLine();
    }

    /// SIGKILL; returns when it is gone. What it has said can still be read.
    void kill() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
