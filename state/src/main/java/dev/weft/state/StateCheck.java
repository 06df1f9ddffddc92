package dev.weft.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is to be said of a state folder that no agent has open: see [Registry#check] for one that has.
public sealed interface StateCheck {
    /// All of it was read and is what was written.
    ///
    /// @param format  1 would be brought to format 2 by an agent
    /// @param bytes   of the file, its log played into it
    /// @param records how many there are of each kind, by the name of their table
    record Sound(Path file, int format, long bytes, Map<String, Integer> records) implements StateCheck {
        public Sound {
            records = Collections.unmodifiableMap(new LinkedHashMap<>(records));
        }
    }

    /// @param sentence that an agent would answer all calls with
    record Unusable(Path file, String sentence) implements StateCheck {}

    Path file();

    /// Reads everything and changes nothing.
    static StateCheck of(Path folder) {
        var named = folder.resolve(StateFile.NAME);
        try {
            var state = new StateFile(folder);
            return Files.exists(state.file())
                    ? look(state)
                    : new Unusable(
                            named, "there is no state in " + named + ". Give the folder of an agent with --state.");
        } catch (StateException refusal) {
            return new Unusable(named, String.valueOf(refusal.getMessage()));
        }
    }

    private static StateCheck look(StateFile state) {
        var file = state.file();
        try (var _ = state.lockForLooking()) {
            var found = state.look();
            return new Sound(
                    file,
                    found.image().format(),
                    found.image().size(),
                    found.contents().counts());
        } catch (DamagedException damage) {
            throw StateException.damaged(file, damage);
        } catch (IOException | SQLException failure) {
            throw StateException.cannotOpen(file, failure);
        }
    }
}
