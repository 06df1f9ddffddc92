package dev.weft.drivers.options;

import java.util.Set;

/// One option; docs/options.md has a row for each.
///
/// @param type     what its value looks like
/// @param fallback what holds without it
/// @param unit     of the value; `-` for none
/// @param mode     of the networks that have it; `all` for any
/// @param since    the first version of Weft with it
public record Option(
        String name, Set<Place> places, String type, String fallback, String unit, String mode, String since) {
    /// Where it is given.
    public enum Place {
        /// `docker network create -o`.
        NETWORK("network"),
        /// `docker network connect --driver-opt`, `docker run --network name=…,driver-opt=…`; there it takes precedence
        /// over the network's.
        ENDPOINT("endpoint");

        private final String word;

        Place(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    public Option {
        places = Set.copyOf(places);
    }
}
