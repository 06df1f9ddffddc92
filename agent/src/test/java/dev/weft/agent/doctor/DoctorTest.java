package dev.weft.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DoctorTest {
    private static final Snapshot HEALTHY = new Facts().snapshot();

    private static Snapshot freeBytes(long bytes, String damage) {
        var facts = new Facts();
        facts.freeBytes = bytes;
        facts.damage = damage;
        return facts.snapshot();
    }

    private static List<Finding> confirmed(Snapshot... looks) {
        var all = new ArrayDeque<>(List.of(looks));
        var found = Doctor.confirmed(all::removeFirst, Duration.ZERO);
        assertThat(all).isEmpty();
        return found;
    }

    @Test
    void a_healthy_host_is_looked_at_once() {
        assertThat(confirmed(HEALTHY)).isEmpty();
    }

    @Test
    void what_is_over_by_the_second_look_is_not_told() {
        assertThat(confirmed(freeBytes(0, ""), HEALTHY)).isEmpty();
    }

    @Test
    void what_the_second_look_finds_alone_is_not_told() {
        assertThat(confirmed(freeBytes(0, ""), freeBytes(0, "damaged.")))
                .extracting(Finding::code)
                .containsExactly("disk-space");
    }

    @Test
    void what_both_find_is_told_with_the_latest_figures() {
        assertThat(confirmed(freeBytes(3 << 20, ""), freeBytes(2 << 20, "")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.sentence()).contains(" has 2 MiB free"));
    }
}
