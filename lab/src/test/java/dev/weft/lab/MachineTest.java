package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("lab")
@Tag("long")
class MachineTest {
    private static Machine machine;

    @BeforeAll
    static void boot() {
        machine = Machine.fresh();
    }

    @AfterAll
    static void end() {
        machine.close();
    }

    @Test
    void its_kernel_its_systemd_and_its_engine_are_its_own() {
        var result = machine.run("""
                uname -r
                cat /proc/1/comm
                systemctl is-active docker.service
                docker version --format '{{.Server.Version}}'
                """).ok();
        assertThat(result.out()).matches("6\\.1\\.\\d+\nsystemd\nactive\n20\\.10\\.\\d+.*\n");
    }

    @Test
    void a_script_that_fails_says_with_what_and_how() {
        var result = machine.run("echo said; echo why >&2; exit 3");
        assertThat(result).isEqualTo(new Result("echo said; echo why >&2; exit 3", 3, "said\n", "why\n"));
    }

    @Test
    void a_script_that_hangs_is_ended_at_its_deadline() {
        var result = machine.run("echo said; sleep 1000000", Duration.ofSeconds(1));
        assertThat(result.exitCode()).isEqualTo(124);
        assertThat(result.out()).isEqualTo("said\n");
    }
}
