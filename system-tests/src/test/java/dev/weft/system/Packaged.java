package dev.weft.system;

import dev.weft.packaging.Packages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The packages of this build, made once in a run of the tests.
final class Packaged {
    private static final Path HOME = Path.of(System.getProperty("weft.home"));
    private static final Path FOLDER = HOME.resolve("target/packages");
    private static List<Path> made = List.of();

    private Packaged() {}

    static Path deb() {
        return ending(".deb");
    }

    static Path tarball() {
        return ending("weft-[0-9.]+-linux-.*");
    }

    static Path plugin() {
        return ending("weft-plugin-.*");
    }

    private static Path ending(String pattern) {
        return all().stream()
                .filter(file -> file.getFileName().toString().matches("(.*)" + pattern))
                .findFirst()
                .orElseThrow();
    }

    private static synchronized List<Path> all() {
        if (made.isEmpty()) {
            try {
                Files.createDirectories(FOLDER);
                made = Packages.make(HOME, FOLDER);
            } catch (IOException failure) {
                throw new AssertionError("cannot make packages", failure);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while packages were made", stop);
            }
        }
        return made;
    }
}
