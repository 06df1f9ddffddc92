package dev.weft.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

@Tag("lab")
@DisplayNameGeneration(ReplaceUnderscores.class)
class UserModeLinuxTest {
    private static final Path MARK = Path.of("/var/tmp/weft-lab-written-inside");

    private static void onlyInside() {
        if (!UserModeLinuxExtension.isInside()) {
            throw new IllegalStateException("called outside");
        }
    }

    @InUserModeLinux
    @TestMethodOrder(OrderAnnotation.class)
    static class Mixed {
        @BeforeAll
        static void before_all() {
            onlyInside();
        }

        @BeforeEach
        void before_each() {
            onlyInside();
        }

        @AfterAll
        static void after_all() {
            onlyInside();
        }

        @Test
        @Order(1)
        void links_are_made_that_this_machines_kernel_may_not_have() throws IOException {
            onlyInside();
            Command.of("ip", "link", "add", "d0", "type", "dummy").run().ok();
            Command.of("ip", "link", "add", "link", "d0", "name", "d0.20", "type", "vlan", "id", "20")
                    .run()
                    .ok();
            Command.of("ip", "link", "add", "link", "d0", "name", "i0", "type", "ipvlan", "mode", "l3s")
                    .run()
                    .ok();
            Files.writeString(MARK, "in memory");
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        @Order(2)
        void numbers_but_two(int number) {
            onlyInside();
            assertThat(number).as("the number").isNotEqualTo(2);
        }

        @Test
        @Order(3)
        void gives_up() {
            Assumptions.abort("for want of something");
        }

        @Nested
        class Inner {
            @Test
            void passes() {
                onlyInside();
            }
        }
    }

    @InUserModeLinux
    static class MoreInside {
        static List<Integer> numbers() {
            return UserModeLinuxExtension.isInside() ? List.of(1, 2) : List.of(1);
        }

        @ParameterizedTest
        @MethodSource("numbers")
        void one(int number) {
            assertThat(number).isEqualTo(1);
        }
    }

    @InUserModeLinux
    static class Dynamic {
        @TestFactory
        List<DynamicTest> tests() {
            return List.of();
        }

        @Test
        void passes() {}
    }

    @InUserModeLinux
    static class Ending {
        @Test
        void ends_the_jvm() {
            Runtime.getRuntime().halt(3);
        }
    }

    @InUserModeLinux
    static class Panicking {
        @Test
        void panics() throws IOException {
            Files.writeString(Path.of("/proc/sysrq-trigger"), "c");
        }
    }

    @InUserModeLinux
    static class BrokenBefore {
        @BeforeAll
        static void fails() {
            throw new IllegalStateException("on purpose, before all");
        }

        @Test
        void never_runs() {}
    }

    @InUserModeLinux
    static class BrokenAfter {
        @Test
        void passes() {}

        @AfterAll
        static void fails() {
            throw new IllegalStateException("on purpose, after all");
        }
    }

    @InUserModeLinux
    @DockerHosts(engine = "20.10")
    static class WithEngine {
        @BeforeAll
        static void before_all(Host host) {
            host.docker("network", "create", "-d", "macvlan", "mynet").ok();
        }

        @Test
        void a_container_runs(Host host) {
            assertThat(host.docker("run", "--rm", "--network=mynet", "busybox", "uname", "-r")
                            .ok()
                            .text())
                    .isEqualTo(Command.of("uname", "-r").run().text());
        }
    }

    @InUserModeLinux
    static class Waiting {
        @Test
        void waits() throws InterruptedException {
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    /// A JVM that runs a class in a kernel, says so, and waits to be ended.
    static final class Runner {
        private Runner() {}

        static void main(String... arguments) throws InterruptedException {
            KernelRun.start(Waiting.class).awaitFirstTest();
            System.out.println("ready");
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private static EngineExecutionResults run(Class<?> tests) {
        var results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute();
        assertThat(leftovers()).isEmpty();
        return results;
    }

    private static List<String> leftovers() {
        String own = Leftovers.PREFIX + ProcessHandle.current().pid() + "-";
        try (var labs = Files.list(Leftovers.folder())) {
            return labs.map(lab -> lab.getFileName().toString())
                    .filter(name -> name.startsWith(own))
                    .toList();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    /// What the failures of tests and classes say.
    private static String failures(EngineExecutionResults results) {
        var bytes = new ByteArrayOutputStream();
        results.allEvents().failed().debug(new PrintStream(bytes, true, UTF_8));
        return bytes.toString(UTF_8);
    }

    @Test
    void each_test_has_outside_the_result_that_it_had_inside() {
        var results = run(Mixed.class);
        String failures = failures(results);
        results.testEvents()
                .assertStatistics(
                        tests -> tests.started(6).succeeded(4).failed(1).aborted(1));
        assertThat(failures)
                .contains("[test-template-invocation:#2]")
                .contains("java.lang.AssertionError: in User Mode Linux, ")
                .contains("[the number]")
                .contains("at dev.weft.lab.UserModeLinuxTest$Mixed.numbers_but_two(UserModeLinuxTest.java:");
        assertThat(MARK).as("what was written inside").doesNotExist();
    }

    @Test
    void a_failure_that_only_the_inside_knows_is_not_lost() {
        var results = run(MoreInside.class);
        results.testEvents().assertStatistics(tests -> tests.started(1).succeeded(1));
        results.containerEvents().assertStatistics(classes -> classes.failed(1));
        assertThat(failures(results)).contains("[test-template-invocation:#2]");
    }

    @Test
    void dynamic_tests_are_refused() {
        var results = run(Dynamic.class);
        results.testEvents().assertStatistics(tests -> tests.started(1).succeeded(1));
        assertThat(failures(results)).contains("make tests() a @ParameterizedTest");
    }

    @Test
    void a_jvm_that_ends_in_the_midst_fails_the_test() {
        var results = run(Ending.class);
        results.testEvents().assertStatistics(tests -> tests.started(1).failed(1));
        assertThat(failures(results)).contains("User Mode Linux has ended in the midst of ", "exit code 3");
    }

    @Test
    void a_kernel_that_panics_fails_the_test_and_its_console_is_shown() {
        var results = run(Panicking.class);
        results.testEvents().assertStatistics(tests -> tests.started(1).failed(1));
        assertThat(failures(results)).contains("User Mode Linux has ended in the midst of ", "Kernel panic");
    }

    @Test
    void what_fails_before_all_tests_fails_the_class() {
        var results = run(BrokenBefore.class);
        results.containerEvents().assertStatistics(classes -> classes.failed(1));
        assertThat(failures(results)).contains("java.lang.IllegalStateException: on purpose, before all");
    }

    @Test
    void what_fails_after_all_tests_fails_the_class() {
        var results = run(BrokenAfter.class);
        results.testEvents().assertStatistics(tests -> tests.started(1).succeeded(1));
        results.containerEvents().assertStatistics(classes -> classes.failed(1));
        assertThat(failures(results)).contains("java.lang.IllegalStateException: on purpose, after all");
    }

    @Test
    void nothing_is_left_of_a_jvm_that_was_killed() throws Exception {
        var runner = Victim.start(Runner.class, List.of());
        runner.await("ready");
        long pid = runner.process().pid();
        var traces = Traces.of(runner.process().toHandle(), Leftovers.PREFIX + pid + "-1");
        assertThat(traces.programs()).contains("linux.uml");
        assertThat(traces.files()).isNotEmpty();
        runner.signal("KILL");
        runner.process().waitFor();
        Wait.until(() -> traces.all().isEmpty(), Patience.LONG);
        assertThat(traces.all()).isEmpty();
    }

    @Test
    void hosts_with_engines_are_as_outside() {
        run(WithEngine.class)
                .testEvents()
                .assertStatistics(tests -> tests.started(1).succeeded(1));
    }
}
