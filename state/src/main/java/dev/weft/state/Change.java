package dev.weft.state;

import static java.util.Objects.requireNonNull;

/// One change of the registry. Several can be committed together: all of them are made, or none.
public sealed interface Change {
    /// Records it, in place of what has the same key.
    record Put(StateRecord record) implements Change {
        public Put {
            requireNonNull(record, "record");
        }
    }

    /// Forgets it; one that is not known is no error.
    record Remove(StateRecord record) implements Change {
        public Remove {
            requireNonNull(record, "record");
        }
    }

    static Change put(StateRecord record) {
        return new Put(record);
    }

    static Change remove(StateRecord record) {
        return new Remove(record);
    }

    StateRecord record();
}
