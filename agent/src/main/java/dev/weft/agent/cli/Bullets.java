package dev.weft.agent.cli;

import java.util.List;
import java.util.stream.Collectors;

/// Sentences below each other, each begun with a dash.
final class Bullets {
    private static final String FIRST = "  - ";
    private static final String FURTHER = "\n    ";

    private Bullets() {}

    /// Without a line break at the end.
    static String of(List<String> sentences) {
        return sentences.stream()
                .map(sentence -> FIRST + String.join(FURTHER, Table.wrapped(sentence, Table.WIDTH - FIRST.length())))
                .collect(Collectors.joining("\n"));
    }
}
