package dev.weft.agent.rebuild;

import dev.weft.state.StateRecord;
import java.util.List;

/// A state made anew.
///
/// @param unknown what could not be known, a sentence each
record Rebuilt(List<StateRecord> records, List<String> unknown) {
    Rebuilt {
        records = List.copyOf(records);
        unknown = List.copyOf(unknown);
    }

    /// How many of a kind there are.
    long count(Class<? extends StateRecord> kind) {
        return records.stream().filter(kind::isInstance).count();
    }
}
