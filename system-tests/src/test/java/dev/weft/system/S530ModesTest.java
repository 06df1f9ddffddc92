package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What docs/modes.md has to be typed, and its compose file.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S530ModesTest {
    private static final Path PAGE = Path.of(System.getProperty("weft.home")).resolve("docs/modes.md");

    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
    }

    @Test
    void the_commands_work_as_they_are_written(Host host) throws IOException {
        try (var typing = new TypedPage(host, PAGE)) {
            typing.section("macvlan, in short");
        }
    }

    @Test
    void a_compose_file_changes_its_driver_and_nothing_else(Host host) throws IOException {
        var ours = Page.read(PAGE).blocks().stream()
                .filter(Page.TextFile.class::isInstance)
                .map(Page.TextFile.class::cast)
                .filter(file -> file.name().equals("compose.yml"))
                .findFirst()
                .orElseThrow()
                .text();
        var theirs = ours.replace("driver: weft # was: macvlan\n", "driver: macvlan\n")
                .replaceFirst("(?m)^ +mode: macvlan # is new\n", "");
        assertThat(theirs).doesNotContain("weft").doesNotContain("mode:");
        for (var text : new String[] {theirs, ours}) {
            Files.createDirectories(host.path("/run/app"));
            Files.writeString(host.path("/run/app/compose.yml"), text);
            host.compose("-f", "/run/app/compose.yml", "up", "-d").ok();
            new Containers(host).ping("app_web_1", "10.77.0.254");
            host.compose("-f", "/run/app/compose.yml", "down", "-t", "0").ok();
        }
    }
}
