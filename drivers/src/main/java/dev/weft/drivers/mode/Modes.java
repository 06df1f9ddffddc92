package dev.weft.drivers.mode;

import static dev.weft.plugin.Refusal.quoted;
import static java.util.stream.Collectors.joining;

import dev.weft.plugin.Refusal;
import dev.weft.state.NetworkRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The modes that there are.
///
/// @param all the first is what a network gets that names none
public record Modes(List<Mode> all) {
    public Modes {
        all = List.copyOf(all);
    }

    /// Of a network that is about to be made.
    ///
    /// @param options its `-o` pairs
    /// @throws Refusal if there is no such mode
    public Mode wanted(Map<String, String> options) {
        return known(options)
                .orElseThrow(() -> new Refusal("cannot create the network: unknown mode " + quoted(nameIn(options))
                        + "; known: " + all.stream().map(Mode::name).collect(joining(", ")) + "."));
    }

    /// Empty if there is no such mode.
    public Optional<Mode> known(Map<String, String> options) {
        return named(nameIn(options));
    }

    /// Of a network on record.
    ///
    /// @throws Refusal if this version of Weft has no such mode
    public Mode of(NetworkRecord network) {
        return named(network.mode())
                .orElseThrow(() -> new Refusal("network " + network.title() + " is of mode " + quoted(network.mode())
                        + ", which this version of Weft does not know; run the version that made it."));
    }

    /// What the options say, known or not.
    public String nameIn(Map<String, String> options) {
        return options.getOrDefault(NetworkOptions.MODE.name(), all.getFirst().name());
    }

    private Optional<Mode> named(String name) {
        return all.stream().filter(mode -> mode.name().equals(name)).findFirst();
    }
}
