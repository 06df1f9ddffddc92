package dev.weft.agent.cli;

/// Numbers as people read them.
final class Figures {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private static final long KIBIBYTE = 1L << 10;
    private static final long MEBIBYTE = 1L << 20;

    /// Beyond it only the power of two is told.
    private static final long LARGE = 1L << 32;

    private Figures() {}

    /// `1 network`, `3 networks`.
    static String count(long number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    /// `512 bytes`, `48 KiB`, `1.2 MiB`.
    static String bytes(long number) {
        if (number < KIBIBYTE) {
            return number + " bytes";
        }
        return number < MEBIBYTE
                ? number / KIBIBYTE + " KiB"
                : "%d.%d MiB".formatted(number / MEBIBYTE, number % MEBIBYTE * 10 / MEBIBYTE);
    }

    /// The two largest units: `3 d 4 h`, `12 s`.
    static String seconds(long number) {
        if (number < MINUTE) {
            return number + " s";
        }
        if (number < HOUR) {
            return number / MINUTE + " min " + number % MINUTE + " s";
        }
        return number < DAY
                ? number / HOUR + " h " + number % HOUR / MINUTE + " min"
                : number / DAY + " d " + number % DAY / HOUR + " h";
    }

    /// Whole; `2^62` of what nobody counts.
    static String addresses(long number) {
        return number < LARGE ? Long.toString(number) : "2^" + (Long.SIZE - Long.numberOfLeadingZeros(number - 1));
    }
}
