package dev.weft.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenBucketTest {
    @Test
    void rates_are_whole_bytes() {
        assertThat(new TokenBucket(1_000_007, 2000, 2000)).isEqualTo(new TokenBucket(1_000_000, 2000, 2000));
    }

    @Test
    void what_the_kernel_could_not_do_is_refused() {
        assertThatThrownBy(() -> new TokenBucket(7, 2000, 2000))
                .hasMessage("a rate limit of 7 bit/s with a burst of 2000 bytes and a queue of 2000 bytes:"
                        + " 8 bit/s, 1 byte and 1 byte are the least");
        assertThatThrownBy(() -> new TokenBucket(8000, 0, 2000)).hasMessageContaining("a burst of 0 bytes");
        assertThatThrownBy(() -> new TokenBucket(8000, 2000, 0)).hasMessageContaining("a queue of 0 bytes");
        assertThat(new TokenBucket(8000, 274_000, 2000).burst()).isEqualTo(274_000);
        assertThatThrownBy(() -> new TokenBucket(8000, 275_000, 2000))
                .hasMessage("a rate limit of 8000 bit/s with a burst of 275000 bytes:"
                        + " that much takes longer than 274 s, which is the most");
    }

    @Test
    void a_burst_that_reads_back_inexactly_is_the_same_and_another_one_is_not() {
        var wanted = new TokenBucket(40_000_000_000L, 2_000_000, 4_000_000);
        assertThat(wanted.agreesWith(new TokenBucket(40_000_000_000L, 1_999_680, 4_000_000)))
                .as("as Linux 6.18 has it")
                .isTrue();
        assertThat(wanted.agreesWith(new TokenBucket(40_000_000_000L, 1_999_000, 4_000_000)))
                .isFalse();
        assertThat(wanted.agreesWith(new TokenBucket(40_000_000_000L, 2_000_000, 4_000_001)))
                .isFalse();
        assertThat(wanted.agreesWith(new TokenBucket(40_000_000_008L, 2_000_000, 4_000_000)))
                .isFalse();
    }
}
