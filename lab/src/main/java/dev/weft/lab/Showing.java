package dev.weft.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a demo prints: titles, commands as a person would type them, what they print, and what each part took.
final class Showing {
    private final List<String> times = new ArrayList<>();
    private long begun = System.nanoTime();

    /// A part is over.
    void took(String part) {
        long now = System.nanoTime();
        times.add(String.format(Locale.ROOT, "%s %.1f", part, (now - begun) / 1e9));
        begun = now;
    }

    void end() {
        System.out.println("\nEverything is removed again. Seconds: " + String.join(", ", times) + ".");
    }

    static void say(String title) {
        System.out.println("\n# " + title);
    }

    /// Runs a command and shows it.
    ///
    /// @param prompt what stands before it
    /// @return what it printed
    /// @throws LabException if it fails
    static String show(String prompt, Function<String[], Result> run, String... command) {
        System.out.println(
                prompt + " " + Stream.of(command).map(Showing::quoted).collect(Collectors.joining(" ")));
        Result result = run.apply(command).ok();
        (result.out() + result.err())
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> System.out.println("  " + line));
        return result.text();
    }

    private static String quoted(String word) {
        return word.matches("[\\w./:=+-]+") ? word : '"' + word + '"';
    }
}
