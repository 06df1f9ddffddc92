package dev.weft.packaging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/// The part of this JDK that the agent needs, made by jlink. The same JDK makes the same image each time.
final class RuntimeImage {
    /// What our modules and libraries need at run time. Netty uses jdk.unsupported; it can do without jdk.jfr.
    static final List<String> MODULES = List.of("java.base", "java.logging", "java.sql", "jdk.unsupported");

    private RuntimeImage() {}

    /// @param folder is made, and must not be there
    static void make(Path folder) {
        var jlink = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new PackagingException(
                        "the Java that runs this has no jlink. Run it with a whole JDK: set JAVA_HOME"));
        var told = new StringWriter();
        var printer = new PrintWriter(told, true);
        int result = jlink.run(
                printer,
                printer,
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
                folder.toString());
        if (result != 0) {
            throw new PackagingException("jlink failed: " + told.toString().strip());
        }
    }
}
