package dev.weft.drivers.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.drivers.options.OptionReader;
import dev.weft.plugin.Refusal;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AnnouncementOptionsTest {
    private static final String COUNT = "com.docker.network.advertise_addr_nmsgs";
    private static final String INTERVAL = "com.docker.network.advertise_addr_ms";

    private static AnnouncementOptions parse(Map<String, String> raw) {
        var reader = new OptionReader(raw, AnnouncementOptions.ALL);
        var options = AnnouncementOptions.read(reader);
        reader.check("cannot create the network");
        return options;
    }

    @Test
    void without_options_an_address_is_announced_three_times_a_second_apart() {
        assertThat(parse(Map.of())).isEqualTo(new AnnouncementOptions(3, Duration.ofSeconds(1)));
        assertThat(AnnouncementOptions.DEFAULT).isEqualTo(new AnnouncementOptions(3, Duration.ofSeconds(1)));
    }

    @Test
    void the_ends_of_the_engines_ranges_are_taken() {
        assertThat(parse(Map.of(COUNT, "0", INTERVAL, "100")))
                .isEqualTo(new AnnouncementOptions(0, Duration.ofMillis(100)));
        assertThat(parse(Map.of(COUNT, "3", INTERVAL, "2000")))
                .isEqualTo(new AnnouncementOptions(3, Duration.ofMillis(2000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "4", "99999999999"})
    void another_number_is_refused_with_the_range(String count) {
        assertThatThrownBy(() -> parse(Map.of(COUNT, count)))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot create the network: option 'com.docker.network.advertise_addr_nmsgs' is '" + count
                        + "'; it is how often each address is announced, from 0 to 3.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1s", "99", "2001"})
    void another_interval_is_refused_with_the_range(String interval) {
        assertThatThrownBy(() -> parse(Map.of(INTERVAL, interval)))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot create the network: option 'com.docker.network.advertise_addr_ms' is '" + interval
                        + "'; it is the milliseconds from one announcement to the next, from 100 to 2000.");
    }
}
