package dev.weft.netlink;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Gives each test names for network namespaces of its own, under which nothing is left after it, not even of an
/// earlier run
/// that was killed. Skips the test where namespaces cannot be made.
final class TestNamespaces implements BeforeEachCallback, AfterEachCallback {
    private static final String PREFIX = "weft-test-";
    private static final Path FOLDER = Path.of("/run/netns");
    private static final long CAP_SYS_ADMIN = 1L << 21; // linux/capability.h
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final List<String> names = new ArrayList<>();

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        assumeTrue(
                (effectiveCapabilities() & CAP_SYS_ADMIN) != 0,
                "skipped: only root (CAP_SYS_ADMIN) can make network namespaces");
        removeThoseOfDeadProcesses();
    }

    private static long effectiveCapabilities() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .sum();
    }

    private static void removeThoseOfDeadProcesses() throws IOException {
        if (!Files.isDirectory(FOLDER)) {
            return;
        }
        try (var files = Files.newDirectoryStream(FOLDER, PREFIX + "*")) {
            for (var file : files) {
                String name = file.getFileName().toString();
                String process = name.substring(PREFIX.length()).split("-", -1)[0];
                if (!Files.exists(Path.of("/proc", process))) {
                    NetworkNamespace.unpin(name);
                }
            }
        }
    }

    /// A name that nobody has.
    String name() {
        String name = PREFIX + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
        names.add(name);
        return name;
    }

    /// A new, empty namespace.
    NetworkNamespace create() {
        return NetworkNamespace.pin(name());
    }

    /// What a command prints that runs inside a namespace: a second opinion on what our code did.
    static String run(NetworkNamespace namespace, String... command) {
        String file = "/proc/" + ProcessHandle.current().pid() + "/fd/" + namespace.descriptor();
        var words = new ArrayList<>(List.of("nsenter", "--net=" + file));
        words.addAll(List.of(command));
        try {
            var process = new ProcessBuilder(words).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(words + " failed: " + output);
            }
            return output;
        } catch (IOException | InterruptedException broken) {
            throw new AssertionError(words + " could not be run", broken);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        names.forEach(NetworkNamespace::unpin);
        names.clear();
    }
}
