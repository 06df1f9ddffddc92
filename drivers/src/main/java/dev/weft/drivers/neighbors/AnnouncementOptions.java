package dev.weft.drivers.neighbors;

import static dev.weft.drivers.options.Option.Place.NETWORK;

import dev.weft.drivers.options.Option;
import dev.weft.drivers.options.OptionReader;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// How often a container's addresses are announced on the LAN. Names, defaults and ranges are those of
/// engine 28, which announces too; older engines take the options and do nothing.
///
/// @param count    announcements of each address, 0 to 3
/// @param interval between one and the next, 100 to 2000 ms
public record AnnouncementOptions(int count, Duration interval) {
    private static final int DEFAULT_COUNT = 3;
    private static final int MOST = 3;
    private static final int DEFAULT_MILLIS = 1000;
    private static final int SHORTEST_MILLIS = 100;
    private static final int LONGEST_MILLIS = 2000;

    public static final Option COUNT = new Option(
            "com.docker.network.advertise_addr_nmsgs",
            Set.of(NETWORK),
            "number",
            Integer.toString(DEFAULT_COUNT),
            "announcements",
            "macvlan, ipvlan",
            "0.1");
    public static final Option INTERVAL = new Option(
            "com.docker.network.advertise_addr_ms",
            Set.of(NETWORK),
            "number",
            Integer.toString(DEFAULT_MILLIS),
            "ms",
            "macvlan, ipvlan",
            "0.1");

    public static final List<Option> ALL = List.of(COUNT, INTERVAL);

    public static final AnnouncementOptions DEFAULT =
            new AnnouncementOptions(DEFAULT_COUNT, Duration.ofMillis(DEFAULT_MILLIS));

    /// @param reader knows the options; hears of mistakes
    public static AnnouncementOptions read(OptionReader reader) {
        int count =
                number(reader, COUNT, 0, MOST, DEFAULT_COUNT, "it is how often each address is announced, from 0 to 3");
        int millis = number(
                reader,
                INTERVAL,
                SHORTEST_MILLIS,
                LONGEST_MILLIS,
                DEFAULT_MILLIS,
                "it is the milliseconds from one announcement to the next, from 100 to 2000");
        return new AnnouncementOptions(count, Duration.ofMillis(millis));
    }

    private static int number(
            OptionReader reader, Option option, int smallest, int largest, int fallback, String problem) {
        if (!reader.has(option)) {
            return fallback;
        }
        int number = reader.number(option);
        if (number < smallest || number > largest) {
            reader.problem(option, problem);
            return fallback;
        }
        return number;
    }
}
