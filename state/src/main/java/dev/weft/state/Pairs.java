package dev.weft.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Map;
import java.util.TreeMap;

/// Options as one text, `a=1&b=2` (application/x-www-form-urlencoded), which a person can read with `sqlite3`.
final class Pairs {
    private Pairs() {}

    static String write(Map<String, String> pairs) {
        return new TreeMap<>(pairs)
                .entrySet().stream()
                        .map(pair -> URLEncoder.encode(pair.getKey(), UTF_8) + "="
                                + URLEncoder.encode(pair.getValue(), UTF_8))
                        .collect(joining("&"));
    }

    /// @throws IllegalArgumentException if it is not what [#write] writes
    static Map<String, String> read(String text) {
        var pairs = new TreeMap<String, String>();
        for (var pair : text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("'" + pair + "' is no pair");
            }
            pairs.put(
                    URLDecoder.decode(pair.substring(0, equals), UTF_8),
                    URLDecoder.decode(pair.substring(equals + 1), UTF_8));
        }
        return pairs;
    }
}
