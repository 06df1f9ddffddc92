package dev.weft.drivers.options;

import static dev.weft.plugin.Refusal.quoted;
import static java.util.stream.Collectors.joining;

import dev.weft.plugin.Refusal;
import dev.weft.plugin.StaticRoute;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads given options and gathers every mistake, so that a person hears of all at once.
public final class OptionReader {
    /// Unknown options that one sentence names.
    private static final int NAMED = 5;

    private final Map<String, String> given;
    private final List<String> problems = new ArrayList<>();

    /// @param known options; others are mistakes
    public OptionReader(Map<String, String> given, Collection<Option> known) {
        this.given = given;
        var names = new TreeSet<>(known.stream().map(Option::name).toList());
        var unknown = new TreeSet<>(given.keySet());
        unknown.removeAll(names);
        unknown.stream()
                .limit(NAMED)
                .map(key -> "unknown option " + quoted(key) + "; known: " + String.join(", ", names))
                .forEach(problems::add);
        if (unknown.size() > NAMED) {
            problems.add((unknown.size() - NAMED) + " more unknown options");
        }
    }

    /// The fallback where the option is not given, or is a mistake.
    public boolean flag(Option option, boolean fallback) {
        var value = value(option, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("give true or false");
        });
        return value == null ? fallback : value;
    }

    /// Whether it is given.
    public boolean has(Option option) {
        return given.containsKey(option.name());
    }

    /// -1 where it is no number, which the caller finds outside its range; 0 where it is not given.
    public int number(Option option) {
        var text = given.get(option.name());
        try {
            return text == null ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    /// None where the option is not given, or is a mistake.
    public List<StaticRoute> routes(Option option) {
        var routes = value(option, Routes::parse);
        return routes == null ? List.of() : routes;
    }

    /// Null where the option is not given, or is a mistake.
    public @Nullable Rate rate(Option option) {
        return value(option, Rate::parse);
    }

    /// Null where the option is not given, or is a mistake.
    ///
    /// @param parser throws [IllegalArgumentException] saying what is wrong or what to give
    public <T> @Nullable T value(Option option, Function<String, T> parser) {
        var text = given.get(option.name());
        if (text == null) {
            return null;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException mistake) {
            problem(option, mistake.getMessage());
            return null;
        }
    }

    /// Adds what is wrong with a given option.
    public void problem(Option option, @Nullable String what) {
        problems.add(
                "option '" + option.name() + "' is " + quoted(given.getOrDefault(option.name(), "")) + "; " + what);
    }

    /// Adds a mistake that is not of one option.
    public void problem(String what) {
        problems.add(what);
    }

    /// @param doing such as `cannot create the network`
    /// @throws Refusal naming every mistake, if there is one
    public void check(String doing) {
        if (!problems.isEmpty()) {
            throw new Refusal(problems.stream().collect(joining("; ", doing + ": ", ".")));
        }
    }
}
