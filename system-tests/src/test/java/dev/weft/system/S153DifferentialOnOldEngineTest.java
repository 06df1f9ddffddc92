package dev.weft.system;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.lab.Lab;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// As [S152DifferentialTest], on the oldest engine.
@Tag("system")
@DockerHosts(value = 1, engine = "20.10")
@DisplayNameGeneration(ReplaceUnderscores.class)
class S153DifferentialOnOldEngineTest {
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
        new LanScript(lab, host).compare("20.10", network);
    }
}
