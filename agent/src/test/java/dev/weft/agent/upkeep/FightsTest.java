package dev.weft.agent.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FightsTest {
    private long nanos = -3;
    private final Fights fights = new Fights(() -> nanos);

    private void later(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void what_is_repaired_again_and_again_is_told_thirty_times_and_is_then_a_problem_until_it_is_over() {
        for (int i = 0; i < 30; i++) {
            assertThat(fights.isWorthTelling("ip link set a up")).isTrue();
            later(5);
        }
        assertThat(fights.problems()).isEmpty();
        assertThat(fights.isWorthTelling("ip link set a up")).isFalse();
        assertThat(fights.problems())
                .containsExactly("somebody keeps undoing what Weft repairs, more than 30 times with less than 5 s"
                        + " between: 'ip link set a up'. Find out who changes it (ip monitor), and end that.");
        later(5);
        assertThat(fights.problems()).hasSize(1);
        later(1);
        assertThat(fights.problems()).isEmpty();
        assertThat(fights.isWorthTelling("ip link set a up")).isTrue();
    }

    @Test
    void other_repairs_count_for_themselves() {
        for (int i = 0; i < 40; i++) {
            assertThat(fights.isWorthTelling("repair " + i)).isTrue();
        }
        assertThat(fights.problems()).isEmpty();
    }
}
