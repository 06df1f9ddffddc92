package dev.weft.lab;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A cache of what the JVM of an agent loads (JEP 514), where tests start some hundred of them: each takes a third less
/// of the processor then. It is made once for each build, by an agent that does all it can do.
final class AgentTraining {
    /// Whether there shall be such a cache.
    private static final String PROPERTY = "weft.lab.trained";

    /// A file lock is the whole process's.
    private static final Object TURN = new Object();

    private final Path distribution;
    private final Path cache;

    AgentTraining(Path distribution) {
        this.distribution = distribution;
        cache = distribution.resolveSibling("weft.aot");
    }

    /// What the JVM is told; nothing unless tests want it.
    ///
    /// @param java its words up to the class path, which come after these
    List<String> options(List<String> java, List<String> program) {
        synchronized (TURN) {
            return Boolean.getBoolean(PROPERTY) ? trained(java, program) : List.of();
        }
    }

    private List<String> trained(List<String> java, List<String> program) {
        try (var channel = FileChannel.open(distribution.resolveSibling("weft.aot.lock"), CREATE, WRITE);
                var _ = channel.lock()) {
            boolean isFresh = isFresh();
            if (!isFresh && Boolean.getBoolean(UserModeLinuxExtension.INSIDE)) {
                return List.of(); // there it takes many times as long
            }
            if (!isFresh) {
                train(java, program);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        // A cache that does not fit is passed over, and nobody wants to hear of that.
        return List.of("-XX:AOTCache=" + cache, "-Xlog:disable", "-Xlog:all=error:stderr");
    }

    private boolean isFresh() throws IOException {
        if (!Files.exists(cache)) {
            return false;
        }
        var made = Files.getLastModifiedTime(cache);
        try (var jars = Files.list(distribution)) {
            for (var jar : jars.toList()) {
                if (Files.getLastModifiedTime(jar).compareTo(made) > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private void train(List<String> java, List<String> program) throws IOException {
        var folder = Files.createTempDirectory("weft-training-");
        try {
            var made = folder.resolve("weft.aot");
            var words = new ArrayList<>(List.of("unshare", "--net", "--mount", "sh", "-c"));
            words.addAll(List.of("mount -t tmpfs none /run && exec \"$@\"", "rehearsal"));
            words.addAll(java);
            words.add("-XX:AOTCacheOutput=" + made);
            words.addAll(program);
            words.addAll(List.of("rehearse", folder.toString()));
            Command.of(words.toArray(String[]::new)).run().ok();
            Files.move(Files.move(made, cache.resolveSibling("weft.aot.new")), cache, ATOMIC_MOVE);
        } finally {
            Command.of("rm", "-rf", folder.toString()).run();
        }
    }
}
