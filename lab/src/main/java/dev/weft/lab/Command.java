package dev.weft.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program to run on this machine; nothing is interpreted by a shell.
///
/// @param shown how error messages name it
/// @param environment the whole environment, or empty for this process's own
record Command(String shown, List<String> words, Map<String, String> environment) {
    private static final Duration LIMIT = Duration.ofMinutes(20);

    static Command of(String... words) {
        return new Command(String.join(" ", words), List.of(words), Map.of());
    }

    ProcessBuilder builder() {
        var builder = new ProcessBuilder(words);
        if (!environment.isEmpty()) {
            builder.environment().clear();
            builder.environment().putAll(environment);
        }
        return builder;
    }

    Result run() {
        return run("", null);
    }

    /// Runs it to its end, for at most twenty minutes, which the longest takes where processors are slow.
    ///
    /// @param input what it reads on standard input
    Result run(String input) {
        return run(input, null);
    }

    Result runIn(Path folder) {
        return run("", folder);
    }

    private Result run(String input, @org.jspecify.annotations.Nullable Path folder) {
        var builder = builder();
        if (folder != null) {
            builder.directory(folder.toFile());
        }
        try {
            var process = builder.start();
            var out = new Output(process.getInputStream());
            var err = new Output(process.getErrorStream());
            feed(process, input);
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new LabException("'" + shown + "' did not end within " + LIMIT.toMinutes()
                        + " minutes; it printed:\n" + err.text() + out.text());
            }
            return new Result(shown, process.exitValue(), out.text(), err.text());
        } catch (IOException failure) {
            throw new LabException("cannot run '" + shown + "': " + failure.getMessage(), failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while '" + shown + "' ran", stop);
        }
    }

    private static void feed(Process process, String input) throws IOException {
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(UTF_8));
        } catch (IOException closed) {
            if (!input.isEmpty() && process.isAlive()) {
                throw closed;
            }
        }
    }

    /// Collects a stream on a thread of its own; a grandchild may hold the stream open after the program's end.
    private static final class Output {
        private static final Duration PATIENCE = Duration.ofSeconds(2);
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread reader;

        Output(InputStream stream) {
            reader = Thread.ofPlatform().daemon().start(() -> {
                try (stream) {
                    stream.transferTo(bytes);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        }

        String text() throws InterruptedException {
            reader.join(PATIENCE);
            return bytes.toString(UTF_8);
        }
    }
}
