package dev.weft.agent.config;

import static dev.weft.plugin.Refusal.quoted;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/// The values and the mistakes in the text of a TOML file.
///
/// Its parser takes a tenth of a second to load, so this class is touched only where there is a file.
final class TomlText {
    /// Letters of what the parser has to say: it may repeat a whole line.
    private static final int COMPLAINT = 160;

    private final Path file;
    private final List<Given> given = new ArrayList<>();
    private final List<Mistake> mistakes = new ArrayList<>();

    /// From this line on a name may be unknown only because the header of its table is broken.
    private int brokenFrom = Integer.MAX_VALUE;

    /// A known key's value.
    record Given(Key<?> key, Raw value, Origin origin) {}

    /// What of a file can be told.
    record Contents(List<Given> given, List<Mistake> mistakes) {}

    private TomlText(Path file) {
        this.file = file;
    }

    static Contents read(Path file, String text) {
        var reading = new TomlText(file);
        try {
            reading.read(Toml.parse(text));
        } catch (StackOverflowError tooDeep) {
            reading.mistakes.add(
                    new Mistake(new Origin.WholeFile(file), "cannot be read: brackets are nested too deeply."));
        }
        return new Contents(reading.given, reading.mistakes);
    }

    private void read(TomlParseResult toml) {
        for (var error : toml.errors()) {
            mistakes.add(new Mistake(at(error.position()), "this is not TOML: " + complaint(error)));
            brokenFrom = Math.min(brokenFrom, error.position().line());
        }
        for (var name : toml.keySet()) {
            var value = toml.get(List.of(name));
            var origin = at(toml.inputPositionOf(List.of(name)));
            if (!Keys.hasTable(name)) {
                unknown(name, value, origin);
            } else if (value instanceof TomlTable table) {
                readTable(name, table);
            } else {
                mistakes.add(new Mistake(
                        origin, name + " is a table; write [" + name + "], and its keys in the lines below."));
            }
        }
    }

    private void readTable(String name, TomlTable table) {
        for (var last : table.keySet()) {
            var value = table.get(List.of(last));
            var origin = at(table.inputPositionOf(List.of(last)));
            Keys.named(name + "." + last)
                    .ifPresentOrElse(
                            key -> given.add(new Given(key, raw(value), origin)),
                            () -> unknown(name + "." + last, value, origin));
        }
    }

    private void unknown(String name, @Nullable Object value, Origin.InFile origin) {
        if (origin.line() < brokenFrom) {
            mistakes.add(new Mistake(origin, Unknown.inFile(isTable(value) ? "table" : "key", name)));
        }
    }

    private static boolean isTable(@Nullable Object value) {
        return value instanceof TomlTable
                || (value instanceof TomlArray items && items.size() > 0 && items.get(0) instanceof TomlTable);
    }

    private static Raw raw(@Nullable Object value) {
        return switch (value) {
            case String text -> new Raw.Text(text);
            case Boolean truth -> new Raw.Truth(truth);
            case TomlArray items ->
                new Raw.Items(IntStream.range(0, items.size())
                        .mapToObj(i -> raw(items.get(i)))
                        .toList());
            case TomlTable _ -> new Raw.Other("a table");
            case null, default -> new Raw.Other(String.valueOf(value));
        };
    }

    /// As the parser has it, but as the rest of a sentence and on one line.
    private static String complaint(TomlParseError error) {
        var text = String.valueOf(error.getMessage());
        var start = text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
        return start.length() > COMPLAINT ? quoted(start) + "." : start.replaceAll("\\p{Cntrl}", " ") + ".";
    }

    private Origin.InFile at(TomlPosition position) {
        return new Origin.InFile(file, position.line(), position.column());
    }
}
