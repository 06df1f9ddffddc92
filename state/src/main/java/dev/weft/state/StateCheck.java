package dev.weft.state;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is to be said of a state folder that no agent has open: see [Registry#check] for one that has.
public sealed interface StateCheck {
    /// All of it was read and is what was written.
    ///
    /// @param format  an older one than today's would be brought to that by an agent
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
    ///
    /// @throws StateException if it cannot be looked at: there is none, another process holds it, or a read fails
    static StateCheck of(Path folder) {
        var state = new StateFile(folder);
        try {
            var found = state.lookAlone();
            return new Sound(
                    state.file(),
                    found.image().format(),
                    found.image().size(),
                    found.contents().counts());
        } catch (StateException.Unusable found) {
            return new Unusable(state.file(), String.valueOf(found.getMessage()));
        }
    }
}
