package dev.weft.drivers.options;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// How much may go through in a second, as tc(8) writes it: `10mbit`.
///
/// @param bitsPerSecond of whole Ethernet frames, 8 000 to 100 000 000 000
public record Rate(long bitsPerSecond) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,6})?)(bit|kbit|mbit|gbit)");
    private static final Map<String, Long> UNITS =
            Map.of("bit", 1L, "kbit", 1_000L, "mbit", 1_000_000L, "gbit", 1_000_000_000L);
    private static final long SMALLEST = 8_000;
    private static final long LARGEST = 100_000_000_000L;

    public Rate {
        if (bitsPerSecond < SMALLEST || bitsPerSecond > LARGEST) {
            throw new IllegalArgumentException("a rate is from 8kbit to 100gbit");
        }
    }

    /// Reads a number with its unit: bit, kbit, mbit or gbit (thousands, not 1024) a second, in small or capital
    /// letters.
    ///
    /// @throws IllegalArgumentException saying what a rate looks like
    public static Rate parse(String text) {
        var parts = TEXT.matcher(text.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "a rate is a number with a unit, bit, kbit, mbit or gbit a second, such as 10mbit");
        }
        var unit = UNITS.get(parts.group(2));
        return new Rate(new BigDecimal(parts.group(1))
                .multiply(BigDecimal.valueOf(unit == null ? 1 : unit))
                .longValue());
    }

    /// In the largest unit that leaves a whole number.
    @Override
    public String toString() {
        for (var unit : new String[] {"gbit", "mbit", "kbit"}) {
            var bits = UNITS.get(unit);
            if (bits != null && bitsPerSecond % bits == 0) {
                return bitsPerSecond / bits + unit;
            }
        }
        return bitsPerSecond + "bit";
    }
}
