package dev.weft.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The part of this JDK that the agent needs, made by jlink. The same JDK makes the same image each time.
final class RuntimeImage {
    /// What our modules and libraries need at run time. Netty uses jdk.unsupported; it can do without jdk.jfr.
    private static final List<String> MODULES = List.of("java.base", "java.logging", "java.sql", "jdk.unsupported");

    private RuntimeImage() {}

    /// @param folder is made, and must not be there
    static void make(Path folder) throws IOException, InterruptedException {
        var jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
        if (!Files.isExecutable(jlink)) {
            throw new PackagingException(
                    "the Java that runs this has no " + jlink + ". Run it with a whole JDK: set JAVA_HOME");
        }
        var process = new ProcessBuilder(
                        jlink.toString(),
                        "--add-modules",
                        String.join(",", MODULES),
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--vm",
                        "server",
                        "--compress",
                        "zip-0", // packages are compressed as a whole, and what starts is read from the page cache
                        "--output",
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        var told = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new PackagingException("jlink failed: " + told.strip());
        }
    }
}
