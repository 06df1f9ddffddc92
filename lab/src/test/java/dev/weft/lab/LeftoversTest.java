package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("lab")
@DisplayNameGeneration(ReplaceUnderscores.class)
class LeftoversTest {
    private Victim victim;

    @AfterEach
    void end_the_victim_of_a_test_that_failed() {
        if (victim != null) {
            victim.process().destroyForcibly();
        }
    }

    private Traces startVictim(String... arguments) throws IOException {
        victim = Victim.start(arguments);
        return Traces.of(victim.process().toHandle(), victim.await("ready "));
    }

    private static void awaitNothing(Traces traces) {
        Wait.until(() -> traces.all().isEmpty(), Patience.LONG);
        assertThat(traces.all()).isEmpty();
    }

    @Test
    void nothing_is_left_of_a_jvm_that_was_killed() throws Exception {
        Traces traces = startVictim();
        assertThat(traces.programs()).contains("dockerd", "containerd", "containerd-shim-runc-v2", "java", "perl");
        assertThat(traces.devices()).hasSize(1);
        assertThat(traces.files()).isNotEmpty();
        assertThat(traces.alive()).anyMatch(trace -> trace.startsWith("inhabitant"));
        victim.signal("KILL");
        victim.process().waitFor();
        awaitNothing(traces);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void all_is_removed_before_a_jvm_ends_that_was_asked_to(String signal) throws Exception {
        Traces traces = startVictim();
        victim.signal(signal);
        assertThat(victim.process().waitFor()).isGreaterThan(128);
        assertThat(traces.all()).isEmpty();
    }

    @Test
    void all_is_removed_before_a_jvm_ends_that_forgot_to_close_its_lab() throws Exception {
        victim = Victim.start("and end");
        String lab = victim.await("ready ");
        assertThat(victim.process().waitFor()).isZero();
        assertThat(new Traces(lab, List.of()).files()).isEmpty();
    }

    @Test
    void the_next_lab_removes_what_is_left_when_the_keeper_was_killed_too() throws Exception {
        Traces traces = startVictim();
        Leftovers.sweep();
        assertThat(traces.files()).as("the sweep spares the living").isNotEmpty();
        ProcessHandle keeper = victim.process()
                .children()
                .filter(child -> commandLine(child).contains("weft-lab-keeper"))
                .findFirst()
                .orElseThrow();
        keeper.destroyForcibly();
        victim.signal("KILL");
        victim.process().waitFor();
        Wait.until(() -> traces.alive().isEmpty(), Patience.LONG);
        assertThat(traces.alive()).isEmpty();
        assertThat(traces.files()).isNotEmpty();
        Leftovers.sweep();
        assertThat(traces.files()).isEmpty();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(java.nio.file.Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException ended) {
            return "";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "h1/disk", "h2/boot.log", "h1/containerd.log", "h2/dockerd.log"})
    void nothing_is_left_of_a_jvm_that_was_killed_while_it_started_a_lab(String appears) throws Exception {
        victim = Victim.start();
        String lab = Leftovers.PREFIX + victim.process().pid() + "-1";
        assertThat(Wait.until(() -> Files.exists(Leftovers.folder().resolve(lab).resolve(appears)), Patience.LONG))
                .isTrue();
        Traces traces = Traces.of(victim.process().toHandle(), lab);
        victim.signal("KILL");
        victim.process().waitFor();
        awaitNothing(traces);
    }
}
