package dev.weft.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OffsetSetTest {
    private static final long SEED = Long.getLong("weft.seed", System.nanoTime());

    /// Against a sorted set, in which one looks at one number after the other.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 63, 64, 65, 300, 4096, 4097, 1L << 20, 1L << 62})
    void it_has_what_was_added_and_finds_what_was_not(long bound) {
        System.out.println("seed " + SEED);
        var random = new Random(SEED);
        var set = new OffsetSet(bound);
        var sorted = new TreeSet<Long>();
        for (int step = 0; step < 20_000; step++) {
            long number = Math.min(bound - 1, random.nextLong(Math.min(bound, 500)) + (step % 7 == 0 ? bound / 2 : 0));
            switch (random.nextInt(4)) {
                case 0 -> assertThat(set.remove(number)).isEqualTo(sorted.remove(number));
                case 1 -> assertThat(set.contains(number)).isEqualTo(sorted.contains(number));
                default -> assertThat(set.add(number)).isEqualTo(sorted.add(number));
            }
            long absent = number;
            while (sorted.contains(absent)) {
                absent++;
            }
            assertThat(set.nextAbsent(number)).isEqualTo(absent);
            assertThat(set.size()).isEqualTo(sorted.size());
        }
    }

    @Test
    void a_full_set_finds_nothing_below_its_bound() {
        var set = new OffsetSet(10_000);
        for (long number = 0; number < 10_000; number++) {
            set.add(number);
        }
        assertThat(set.nextAbsent(0)).isEqualTo(10_000);
        set.remove(7);
        assertThat(set.nextAbsent(0)).isEqualTo(7);
        assertThat(set.nextAbsent(8)).isEqualTo(10_000);
    }
}
