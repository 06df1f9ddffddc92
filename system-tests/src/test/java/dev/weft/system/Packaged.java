package dev.weft.system;

import dev.weft.packaging.Packages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The packages of this build, which the tests of the module `packaging` made; or else they are made here.
final class Packaged {
    private static final Path HOME = Path.of(System.getProperty("weft.home"));
    private static final Path FOLDER = HOME.resolve("target/packages");
    private static List<Path> packages = List.of();

    private Packaged() {}

    static Path deb() {
        return named("weft_.*\\.deb");
    }

    static Path tarball() {
        return named("weft-[0-9.]+-linux-.*");
    }

    static Path plugin() {
        return named("weft-plugin-.*");
    }

    private static Path named(String pattern) {
        return all().stream()
                .filter(file -> file.getFileName().toString().matches(pattern))
                .findFirst()
                .orElseThrow();
    }

    private static synchronized List<Path> all() {
        try {
            if (packages.isEmpty()) {
                packages = areOfThisBuild() ? list(FOLDER) : Packages.make(HOME, FOLDER);
            }
            return packages;
        } catch (IOException failure) {
            throw new AssertionError("cannot make packages", failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while packages were made", stop);
        }
    }

    private static boolean areOfThisBuild() throws IOException {
        return Files.isDirectory(FOLDER)
                && list(FOLDER).size() == 3
                && oldest(FOLDER) > newest(HOME.resolve("agent/target/dist"));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static long oldest(Path folder) throws IOException {
        return list(folder).stream()
                .mapToLong(file -> file.toFile().lastModified())
                .min()
                .orElseThrow();
    }

    private static long newest(Path folder) throws IOException {
        return list(folder).stream()
                .mapToLong(file -> file.toFile().lastModified())
                .max()
                .orElseThrow();
    }
}
