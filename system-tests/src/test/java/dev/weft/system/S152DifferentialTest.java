package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same commands with Docker's own macvlan driver and with `-o mode=macvlan`.
@Tag("system")
@DockerHosts(value = 1, engine = "28.5")
@DisplayNameGeneration(ReplaceUnderscores.class)
class S152DifferentialTest {
    private static final Path PAGE = Path.of(System.getProperty("weft.home")).resolve("docs/modes.md");

    @BeforeAll
    static void prepare(Lab lab, Host host) {
        new LanScript(lab, host).prepare();
    }

    static Stream<LanCase> networks() {
        return LanCase.macvlan();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void all_is_as_with_Dockers_own_driver(LanCase network, Lab lab, Host host) {
        new LanScript(lab, host).compare(network);
    }

    @Test
    void each_difference_has_its_reason_on_the_page() throws IOException {
        var page = Files.readString(PAGE).replaceAll("\\s+", " ");
        assertThat(LanDifference.KNOWN).allSatisfy(known -> assertThat(page).contains(known.reason()));
    }
}
