package dev.weft.engine;

import java.util.Comparator;
import java.util.regex.Pattern;

/// A version of the Engine API, `1.41`.
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /// Engine 20.10's, the oldest that Weft is tested with.
    public static final ApiVersion OLDEST = new ApiVersion(1, 41);
    /// Engine 28.5's, the newest that Weft is tested with. Engine 29 takes it: it knows 1.44 to 1.52.
    public static final ApiVersion NEWEST = new ApiVersion(1, 51);

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})");

    /// @throws IllegalArgumentException if the text is not two numbers with a dot between
    public static ApiVersion parse(String text) {
        var match = TEXT.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a version of the Engine API, such as 1.41");
        }
        return new ApiVersion(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)));
    }

    @Override
    public int compareTo(ApiVersion other) {
        return Comparator.comparingInt(ApiVersion::major)
                .thenComparingInt(ApiVersion::minor)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
