package dev.weft.agent.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What values a key takes, and how they are written.
sealed interface Kind<T> {
    /// For the documentation: `duration, 1s to 24h`.
    String form();

    /// @throws IllegalArgumentException with the rest of a sentence that begins with the key:
    ///                                  `is 'never'; give true or false`
    T read(Raw raw);

    /// What an environment variable or a flag says, as the file would have it.
    Raw written(String text);

    /// As JSON has it: text, a boolean, or a list of texts.
    Object plain(T value);

    /// A string.
    ///
    /// @param wanted what to write instead of a wrong value: `a path that begins with '/'`
    /// @param parse  throws IllegalArgumentException, without a message where `wanted` says it all
    record Text<T>(String form, String wanted, Function<String, T> parse, Function<T, String> write)
            implements Kind<T> {
        /// Characters of a value of which its parser's message may repeat a part.
        private static final int EXPLAINED = 256;

        /// Of values that write themselves.
        Text(String form, String wanted, Function<String, T> parse) {
            this(form, wanted, parse, Object::toString);
        }

        @Override
        public T read(Raw raw) {
            return read("is", raw);
        }

        /// @param verb between the key and the value
        T read(String verb, Raw raw) {
            if (!(raw instanceof Raw.Text(var text))) {
                throw new IllegalArgumentException(verb + " " + raw + "; give " + wanted);
            }
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException wrong) {
                var reason = wrong.getMessage();
                boolean explained = reason != null && text.length() <= EXPLAINED;
                throw new IllegalArgumentException(
                        verb + " " + raw + (explained ? ": " + reason : "; give " + wanted), wrong);
            }
        }

        @Override
        public Raw written(String text) {
            return new Raw.Text(text);
        }

        @Override
        public Object plain(T value) {
            return write.apply(value);
        }
    }

    /// A boolean.
    record Truth() implements Kind<Boolean> {
        @Override
        public String form() {
            return "true or false";
        }

        @Override
        public Boolean read(Raw raw) {
            if (raw instanceof Raw.Truth(var value)) {
                return value;
            }
            throw new IllegalArgumentException("is " + raw + "; give true or false, without quotes");
        }

        @Override
        public Raw written(String text) {
            return switch (text) {
                case "true" -> new Raw.Truth(true);
                case "false" -> new Raw.Truth(false);
                default -> new Raw.Text(text);
            };
        }

        @Override
        public Object plain(Boolean value) {
            return value;
        }
    }

    /// A whole number, in the file without quotes.
    record Whole(String form, int least, int most) implements Kind<Integer> {
        @Override
        public Integer read(Raw raw) {
            var text = switch (raw) {
                case Raw.Text(var written) -> written;
                case Raw.Other(var shown) -> shown;
                default -> "";
            };
            long value = text.matches("[0-9]{1,9}") ? Long.parseLong(text) : -1;
            if (value < least || value > most) {
                throw new IllegalArgumentException("is " + raw + "; give a whole number from " + least + " to " + most);
            }
            return (int) value;
        }

        @Override
        public Raw written(String text) {
            return new Raw.Text(text);
        }

        @Override
        public Object plain(Integer value) {
            return value;
        }
    }

    /// A list of strings.
    ///
    /// @param wanted    what to write instead of what is no list
    /// @param complaint what is wrong with a list whose items are right: `has two IPv4 subnets; …`
    record Many<E>(String form, String wanted, Text<E> item, Function<List<E>, Optional<String>> complaint)
            implements Kind<List<E>> {
        @Override
        public List<E> read(Raw raw) {
            if (!(raw instanceof Raw.Items(var items))) {
                throw new IllegalArgumentException("is " + raw + "; give " + wanted);
            }
            var values = new ArrayList<E>();
            for (var one : items) {
                values.add(item.read("has", one));
            }
            var sentence = complaint.apply(values);
            if (sentence.isPresent()) {
                throw new IllegalArgumentException(sentence.get());
            }
            return List.copyOf(values);
        }

        /// Separated by commas; nothing is the empty list.
        @Override
        public Raw written(String text) {
            if (text.isBlank()) {
                return new Raw.Items(List.of());
            }
            var items = new ArrayList<Raw>();
            for (var one : text.split(",", -1)) {
                items.add(new Raw.Text(one.strip()));
            }
            return new Raw.Items(items);
        }

        @Override
        public Object plain(List<E> values) {
            return values.stream().map(item::plain).toList();
        }
    }
}
