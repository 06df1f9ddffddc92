package dev.weft.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// docs/write-a-plugin.md to the letter: its files are written, its commands typed, its output compared.
@Tag("system")
@DisplayNameGeneration(ReplaceUnderscores.class)
class S310WriteAPluginTest {
    private static final Path HOME = Path.of(System.getProperty("weft.home"));

    /// Where the reader's clone is.
    @TempDir
    private static Path folder;

    @BeforeAll
    static void cloneTheRepository() throws IOException {
        Files.walkFileTree(HOME, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path source, BasicFileAttributes attributes) throws IOException {
                if (Set.of("target", ".git", ".cache")
                        .contains(source.getFileName().toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(copy(source));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path source, BasicFileAttributes attributes) throws IOException {
                Files.copy(source, copy(source));
                return FileVisitResult.CONTINUE;
            }

            private Path copy(Path source) {
                return folder.resolve("weft").resolve(HOME.relativize(source));
            }
        });
    }

    @Test
    @DockerHosts(1)
    void the_page_works_as_it_is_written(Host host) throws Exception {
        follow(host);
    }

    @Test
    @DockerHosts(value = 1, engine = "20.10")
    void the_page_works_on_engine_20_10(Host host) throws Exception {
        follow(host);
    }

    private void follow(Host host) throws Exception {
        host.sh("mount -t tmpfs tmpfs /opt").ok(); // seen by this host alone
        // JVMs of other hosts have the same process ids, and this one would warn of their files.
        host.sh("mkdir -p /tmp/hsperfdata_root && mount -t tmpfs -o mode=755 tmpfs /tmp/hsperfdata_root")
                .ok();
        try (var terminal = new Terminal(host, folder)) {
            for (var block : Page.read(HOME.resolve("docs/write-a-plugin.md")).blocks()) {
                switch (block) {
                    case Page.TextFile(var name, var text) -> Files.writeString(folder.resolve(name), text);
                    case Page.Command(var line, var output) -> {
                        var answer = line.startsWith("mvn ") ? onThisMachine(line) : terminal.type(line);
                        check(line, output, answer);
                    }
                }
            }
            startUnit(terminal);
        }
    }

    /// As systemd would.
    private static void startUnit(Terminal terminal) throws IOException {
        var unit = Files.readAllLines(folder.resolve("bridges.service"));
        assertThat(unit).contains("Before=docker.service");
        var start = unit.stream()
                .filter(line -> line.startsWith("ExecStart="))
                .findFirst()
                .orElseThrow();
        terminal.type(start.substring("ExecStart=".length()) + " >unit.log 2>&1 &");
        terminal.type("docker network create -d bridges served");
        var answer = terminal.type("docker run --rm --network served busybox ping -c 1 127.0.0.1");
        assertThat(answer.exitCode()).as(answer.output()).isZero();
    }

    /// Maven has its artifacts here, and a host has no Internet.
    private static Terminal.Answer onThisMachine(String line) throws Exception {
        var builder =
                new ProcessBuilder("sh", "-c", line).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Terminal.Answer(process.waitFor(), output);
    }

    private static void check(String line, String expected, Terminal.Answer answer) {
        var shown = "'%s' ended with %d: %s".formatted(line, answer.exitCode(), answer.output());
        assertThat(answer.exitCode() != 0).as(shown).isEqualTo(expected.startsWith("Error"));
        if (!expected.isEmpty()) {
            assertThat(answer.output()).as(shown).matches(pattern(expected));
        }
    }

    private static Pattern pattern(String expected) {
        var quoted = Pattern.quote(expected).replace("…", "\\E.*\\Q");
        return Pattern.compile(quoted, Pattern.DOTALL);
    }
}
