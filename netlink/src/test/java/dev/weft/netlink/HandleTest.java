package dev.weft.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HandleTest {
    @Test
    void it_reads_as_tc_prints_it() {
        assertThat(Handle.of(1, 0)).hasToString("1:");
        assertThat(Handle.of(0x8001, 0x1f)).hasToString("8001:1f");
        assertThat(Handle.INGRESS_QDISC).hasToString("ffff:");
        assertThat(Handle.ROOT).hasToString("root");
        assertThat(Handle.INGRESS).hasToString("ingress");
        assertThat(new Handle(0)).hasToString("0:");
    }

    @Test
    void numbers_out_of_range_are_refused() {
        assertThatThrownBy(() -> Handle.of(0, 1)).hasMessage("handle 0:1 is not between 1:0 and ffff:ffff");
        assertThatThrownBy(() -> Handle.of(0x10000, 0)).hasMessageContaining("handle 10000:0");
        assertThatThrownBy(() -> Handle.of(1, -1)).hasMessageContaining("is not between");
        assertThatThrownBy(() -> Handle.of(1, 0x10000)).hasMessageContaining("is not between");
    }
}
