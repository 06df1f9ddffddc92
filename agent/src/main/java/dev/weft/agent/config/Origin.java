package dev.weft.agent.config;

import java.nio.file.Path;

/// Where a value, or a mistake, comes from.
public sealed interface Origin {
    /// Nothing was said.
    record Preset() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }

    /// The file as a whole.
    record WholeFile(Path file) implements Origin {
        @Override
        public String toString() {
            return file.toString();
        }
    }

    /// @param line   from 1
    /// @param column from 1
    record InFile(Path file, int line, int column) implements Origin {
        @Override
        public String toString() {
            return file + ":" + line + ":" + column;
        }
    }

    record Variable(String name) implements Origin {
        @Override
        public String toString() {
            return name;
        }
    }

    record Flag(String name) implements Origin {
        @Override
        public String toString() {
            return name;
        }
    }
}
