package dev.weft.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// The agent as Maven built it.
///
/// @param version of the agent
/// @param agent   its jar, whose manifest names the others
/// @param others  what it needs, by name
record Program(String version, Path agent, List<Path> others) {
    private static final String NATIVES = "org/sqlite/native/";

    Program {
        others = List.copyOf(others);
    }

    /// @throws PackagingException if the agent is not built
    static Program of(Path home) throws IOException {
        var built = home.resolve("agent/target/dist");
        if (!Files.isDirectory(built)) {
            throw new PackagingException("the agent is not built: there is no " + built + ". Build it: mvn package");
        }
        try (var files = Files.list(built)) {
            var jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            var agents = jars.stream().filter(Program::isAgent).toList();
            if (agents.size() != 1) {
                throw new PackagingException(
                        built + " has " + agents.size() + " jars of the agent. Delete it and build again: mvn package");
            }
            var agent = agents.getFirst();
            var others = jars.stream().filter(jar -> !jar.equals(agent)).toList();
            return new Program(version(agent), agent, others);
        }
    }

    private static boolean isAgent(Path jar) {
        return jar.getFileName().toString().startsWith("weft-agent-");
    }

    private static String version(Path agent) {
        return agent.getFileName().toString().replaceFirst("^weft-agent-", "").replaceFirst("\\.jar$", "");
    }

    /// Puts the jars into a folder: the agent as `weft.jar`, and SQLite's without what it brings for other platforms.
    void lay(Platform platform, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(agent, folder.resolve("weft.jar"));
        for (var jar : others) {
            var copy = folder.resolve(jar.getFileName());
            if (jar.getFileName().toString().startsWith("sqlite-jdbc-")) {
                copyFor(platform, jar, copy);
            } else {
                Files.copy(jar, copy);
            }
        }
    }

    private static void copyFor(Platform platform, Path jar, Path copy) throws IOException {
        boolean found = false;
        try (var from = new JarFile(jar.toFile());
                var to = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (var entry : Collections.list(from.entries())) {
                boolean ours = entry.getName().startsWith(platform.sqlite());
                if (entry.isDirectory() || (entry.getName().startsWith(NATIVES) && !ours)) {
                    continue;
                }
                found |= ours;
                var kept = new ZipEntry(entry.getName());
                kept.setTimeLocal(entry.getTimeLocal());
                to.putNextEntry(kept);
                try (var content = from.getInputStream(entry)) {
                    content.transferTo(to);
                }
            }
        }
        if (!found) {
            throw new PackagingException(jar.getFileName() + " has no SQLite for " + platform.machine() + " in "
                    + platform.sqlite() + ". Take a version that does.");
        }
    }
}
