package dev.weft.agent.config;

import static dev.weft.plugin.Refusal.quoted;
import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.function.Function;

/// Sentences about names that nothing has: with the nearest one that something has, or all that there are.
final class Unknown {
    private Unknown() {}

    /// @param what `key`, or `table` where the file has one
    /// @param name with its table, if it is in one
    static String inFile(String what, String name) {
        var start = "unknown " + what + " " + quoted(name);
        int dot = name.indexOf('.');
        var near = Suggestion.nearest(name, what.equals("table") && dot < 0 ? tables() : names(Key::name));
        if (near.isPresent()) {
            return start + didYouMean(near.get());
        }
        if (dot < 0) {
            return start + "; known tables: " + String.join(", ", tables()) + ".";
        }
        var table = name.substring(0, dot);
        return start + "; known in [" + table + "]: "
                + Keys.ALL.stream()
                        .filter(key -> key.table().equals(table))
                        .map(key -> key.name().substring(dot + 1))
                        .sorted()
                        .collect(joining(", ", "", "."));
    }

    static String variable(String name) {
        return "unknown variable"
                + Suggestion.nearest(name, names(Key::variable))
                        .map(Unknown::didYouMean)
                        .orElse("; `weft config show` lists the keys, docs/configuration.md their variables.");
    }

    private static String didYouMean(String name) {
        return "; did you mean '" + name + "'?";
    }

    private static List<String> tables() {
        return Keys.ALL.stream().map(Key::table).distinct().sorted().toList();
    }

    private static List<String> names(Function<Key<?>, String> name) {
        return Keys.ALL.stream().map(name).sorted().toList();
    }
}
