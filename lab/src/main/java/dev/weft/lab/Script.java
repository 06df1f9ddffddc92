package dev.weft.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;

/// The lab's shell scripts, handed to `sh -c` as text so that no file of theirs has to outlive anything.
final class Script {
    private Script() {}

    static String named(String name) {
        try (var text = requireNonNull(Script.class.getResourceAsStream(name), name)) {
            return new String(text.readAllBytes(), UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
