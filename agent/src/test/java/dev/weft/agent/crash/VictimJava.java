package dev.weft.agent.crash;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// How a [Victim] is started, some hundred times: from jars alone, so that its JVM can have a cache of what was
/// loaded before (JEP 483), with which it takes a third less of the processor.
final class VictimJava {
    private static final VictimJava MADE = make();

    private final String classpath;
    private final Path cache;

    private VictimJava(String classpath, Path cache) {
        this.classpath = classpath;
        this.cache = cache;
    }

    /// Up to the arguments of the [Victim].
    static List<String> command() {
        return MADE.words("-XX:AOTCache=" + MADE.cache);
    }

    private List<String> words(String... options) {
        var words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED"));
        words.addAll(List.of(options));
        words.addAll(List.of("-cp", classpath, Victim.class.getName()));
        return words;
    }

    private static VictimJava make() {
        try {
            var folder = Files.createTempDirectory("weft-victim-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
            BetweenMessages.write(folder.resolve("changed"));
            var jars = Stream.concat(
                            Stream.of(folder.resolve("changed")),
                            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                    .map(Path::of))
                    .map(place -> Files.isDirectory(place) ? jar(place, folder) : place)
                    .map(Path::toString)
                    .collect(joining(File.pathSeparator));
            return new VictimJava(jars, folder.resolve("aot")).trained(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// One plays a whole story: what is loaded and done in it need not be found out again.
    private VictimJava trained(Path folder) throws IOException {
        var production = Production.SHORT.getFirst();
        try (var host = new Host(
                        Files.createDirectory(folder.resolve("trained")), words("-XX:AOTCacheOutput=" + cache));
                var stage = new Stage(host, production, 0)) {
            host.say("collect " + new Belief(List.of(), List.of()).line());
            stage.play();
            stage.check();
            host.end();
            if (!Files.exists(cache)) {
                throw new AssertionError("the JVM made no cache: " + host.log());
            }
            return this;
        } catch (IOException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new AssertionError("the story " + production + " cannot be played", failure);
        }
    }

    private static Path jar(Path classes, Path folder) {
        try (var all = Files.walk(classes)) {
            var jar = Files.createTempFile(folder, "classes-", ".jar");
            try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
                zip.setLevel(0);
                for (var file : all.filter(Files::isRegularFile).sorted().toList()) {
                    zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                    Files.copy(file, zip);
                }
            }
            return jar;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void remove(Path folder) {
        try (var all = Files.walk(folder)) {
            for (var file : all.sorted().toList().reversed()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
