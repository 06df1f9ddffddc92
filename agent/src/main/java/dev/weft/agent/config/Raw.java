package dev.weft.agent.config;

import static dev.weft.plugin.Refusal.quoted;

import java.util.List;

/// A value as it was written, before its key says what it must be.
sealed interface Raw {
    record Text(String text) implements Raw {
        @Override
        public String toString() {
            return quoted(text);
        }
    }

    record Truth(boolean value) implements Raw {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    record Items(List<Raw> items) implements Raw {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return "a list";
        }
    }

    /// What no key takes.
    ///
    /// @param shown in sentences: `120`, `a table`
    record Other(String shown) implements Raw {
        @Override
        public String toString() {
            return shown;
        }
    }
}
