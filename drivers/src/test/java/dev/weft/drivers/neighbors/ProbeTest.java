package dev.weft.drivers.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.MacAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProbeTest {
    @Test
    void it_is_read_as_it_is_written() {
        for (var probe : Probe.values()) {
            assertThat(Probe.parse(probe.toString())).isEqualTo(probe);
        }
        assertThat(Probe.FAST).hasToString("fast");
        assertThatThrownBy(() -> Probe.parse("slow")).hasMessage("give off, fast or rfc");
    }

    @Test
    void the_fast_one_asks_once_and_listens_for_200_ms() {
        assertThat(Probe.FAST.schedule(new Random()))
                .isEqualTo(new Probe.Schedule(List.of(Duration.ZERO), Duration.ofMillis(200)));
    }

    @Test
    void the_long_one_keeps_the_pauses_of_the_RFC() {
        for (int seed = 0; seed < 1000; seed++) {
            var schedule = Probe.RFC.schedule(new Random(seed));
            assertThat(schedule.asking()).hasSize(3);
            assertThat(schedule.asking().get(0)).isBetween(Duration.ZERO, Duration.ofSeconds(1));
            for (int i = 1; i < 3; i++) {
                assertThat(schedule.asking().get(i).minus(schedule.asking().get(i - 1)))
                        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
            }
            assertThat(schedule.end().minus(schedule.asking().get(2))).isEqualTo(Duration.ofSeconds(2));
        }
    }

    @Test
    void a_conflict_names_the_holder_and_says_what_to_do() {
        var holder = MacAddress.parse("52:54:00:12:34:56");
        assertThat(new Conflict(InetAddress.ofLiteral("192.168.1.50"), holder, "eth0").sentence())
                .isEqualTo("address 192.168.1.50 is in use on the LAN by 52:54:00:12:34:56 (seen on eth0);"
                        + " choose another --ip, or give that machine another address");
        assertThat(new Conflict(InetAddress.ofLiteral("fd00::50"), holder, "eth0").sentence())
                .isEqualTo("address fd00::50 is in use on the LAN by 52:54:00:12:34:56 (seen on eth0);"
                        + " choose another --ip6, or give that machine another address");
    }
}
