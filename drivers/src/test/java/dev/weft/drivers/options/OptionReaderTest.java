package dev.weft.drivers.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.plugin.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OptionReaderTest {
    private static final Option SWITCH = option("switch");
    private static final Option COUNT = option("count");
    private static final Option SPEED = option("speed");
    private static final Option WAYS = option("ways");
    private static final List<Option> KNOWN = List.of(SWITCH, COUNT, SPEED, WAYS);

    private static Option option(String name) {
        return new Option(name, Set.of(Option.Place.NETWORK), "", "", "", "", "");
    }

    private static OptionReader reader(Map<String, String> given) {
        return new OptionReader(given, KNOWN);
    }

    @Test
    void what_is_given_is_read() {
        var reader =
                reader(Map.of("switch", "true", "count", "7", "speed", "8mbit", "ways", "10.9.0.0/16 via 10.1.0.5"));
        assertThat(reader.flag(SWITCH, false)).isTrue();
        assertThat(reader.number(COUNT)).isEqualTo(7);
        assertThat(reader.rate(SPEED)).isEqualTo(new Rate(8_000_000));
        assertThat(reader.routes(WAYS)).hasSize(1);
        assertThat(reader.has(SPEED)).isTrue();
        reader.check("cannot do it");
    }

    @Test
    void what_is_not_given_is_as_the_caller_says_or_nothing() {
        var reader = reader(Map.of());
        assertThat(reader.flag(SWITCH, true)).isTrue();
        assertThat(reader.flag(SWITCH, false)).isFalse();
        assertThat(reader.number(COUNT)).isZero();
        assertThat(reader.rate(SPEED)).isNull();
        assertThat(reader.routes(WAYS)).isEmpty();
        assertThat(reader.has(SPEED)).isFalse();
        reader.check("cannot do it");
    }

    @Test
    void every_mistake_is_in_one_refusal() {
        var reader = reader(Map.of("switch", "on", "count", "x", "speed", "fast", "ways", "home", "colour", "blue"));
        assertThat(reader.flag(SWITCH, true)).isTrue();
        assertThat(reader.number(COUNT)).isEqualTo(-1);
        reader.problem(COUNT, "it is from 1 to 9");
        assertThat(reader.rate(SPEED)).isNull();
        assertThat(reader.routes(WAYS)).isEmpty();
        reader.problem("and it is too late");
        assertThatThrownBy(() -> reader.check("cannot do it"))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot do it: unknown option 'colour'; known: count, speed, switch, ways;"
                        + " option 'switch' is 'on'; give true or false;"
                        + " option 'count' is 'x'; it is from 1 to 9;"
                        + " option 'speed' is 'fast'; a rate is a number with a unit, bit, kbit, mbit or gbit a second,"
                        + " such as 10mbit;"
                        + " option 'ways' is 'home'; give routes as SUBNET via ADDRESS, with commas between them, such"
                        + " as '10.9.0.0/16 via 10.1.0.5'; and it is too late.");
    }
}
