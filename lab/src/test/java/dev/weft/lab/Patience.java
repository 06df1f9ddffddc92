package dev.weft.lab;

import java.time.Duration;

/// How long tests wait for what must happen; nothing asserts that it took less.
final class Patience {
    static final Duration LONG = Duration.ofSeconds(60);

    private Patience() {}
}
