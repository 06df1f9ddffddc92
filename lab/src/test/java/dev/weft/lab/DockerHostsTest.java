package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

@Tag("lab")
@DisplayNameGeneration(ReplaceUnderscores.class)
class DockerHostsTest {
    @DockerHosts(2)
    @TestMethodOrder(OrderAnnotation.class)
    static class Untidy {
        @Test
        @Order(1)
        void leaves_things(Lab lab, Host host) {
            host.docker("run", "-d", "--name", "left", "busybox", "top").ok();
            host.docker("network", "create", "left").ok();
            lab.cut(lab.host(2));
            lab.cut(lab.host(1), lab.host(2));
        }

        @Test
        @Order(2)
        void finds_nothing(Lab lab, Host host) {
            assertThat(host.docker("ps", "-aq").ok().out()).isEmpty();
            assertThat(host.docker("network", "ls", "-q", "--filter", "type=custom")
                            .ok()
                            .out())
                    .isEmpty();
            host.run("busybox", "ping", "-c", "1", lab.host(2).address()).ok();
        }

        @Test
        @Order(3)
        void restarts_the_engine_with_options_and_stops_it(Host host) {
            host.restartEngine("--live-restore");
            host.docker("run", "-d", "--name", "left", "busybox", "top").ok();
            host.stopEngine();
        }

        @Test
        @Order(4)
        void finds_a_plain_engine_and_crashes_the_host(Host host) {
            assertThat(host.docker("info", "-f", "{{.LiveRestoreEnabled}}").ok().text())
                    .isEqualTo("false");
            assertThat(host.docker("ps", "-aq").ok().out()).isEmpty();
            host.crash();
        }

        @Test
        @Order(5)
        void finds_the_host_up_again(Host host) {
            host.docker("run", "--rm", "busybox", "true").ok();
        }
    }

    @DockerHosts
    static class Failing {
        static Lab lab;

        @Test
        void fails(Lab lab) {
            Failing.lab = lab;
            throw new AssertionError("on purpose");
        }
    }

    @DockerHosts
    static class FailingBeforeAll {
        static Lab lab;

        @BeforeAll
        static void fails(Lab lab) {
            FailingBeforeAll.lab = lab;
            throw new IllegalStateException("on purpose");
        }

        @Test
        void never_runs() {}
    }

    private static EngineExecutionResults run(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute();
    }

    private static String outputOf(Runnable work) {
        var before = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void each_test_begins_with_a_clean_slate() {
        run(Untidy.class)
                .testEvents()
                .assertStatistics(tests -> tests.started(5).succeeded(5));
    }

    @Test
    void after_a_failure_the_log_of_the_engine_is_printed_and_nothing_is_left() {
        String output = outputOf(() -> run(Failing.class)
                .testEvents()
                .assertStatistics(tests -> tests.started(1).failed(1)));
        assertThat(output)
                .contains("lab: Docker Engine ")
                .contains("---- engine of h1, last lines of its log\n")
                .contains("API listen on /run/docker.sock");
        assertThat(Failing.lab.state()).doesNotExist();
    }

    @Test
    void a_failure_before_all_tests_leaves_nothing_either() {
        String output = outputOf(
                () -> run(FailingBeforeAll.class).containerEvents().assertStatistics(classes -> classes.failed(1)));
        assertThat(output).contains("API listen on /run/docker.sock");
        assertThat(FailingBeforeAll.lab.state()).doesNotExist();
    }

    @Test
    void a_lab_that_cannot_start_says_why_and_leaves_nothing() throws IOException {
        assertThatThrownBy(() -> Lab.start(1, "", 20))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("cannot make the lab's namespaces: ");
        String own = Leftovers.PREFIX + ProcessHandle.current().pid() + "-";
        try (var labs = Files.list(Leftovers.folder())) {
            assertThat(labs).noneMatch(path -> path.getFileName().toString().startsWith(own));
        }
    }

    @Test
    void an_engine_that_the_lab_does_not_have_is_refused_with_those_it_has() {
        assertThatThrownBy(() -> Lab.start(1, "19.03", 1500))
                .hasMessage("there is no Docker Engine '19.03' for the lab; choose one of 20.10, 26.1, 28.5");
    }
}
