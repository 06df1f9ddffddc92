package dev.weft.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The measurements of one thing, in the order in which they were taken.
final class Series {
    private final String name;
    private final List<Double> values = new ArrayList<>();

    Series(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    void add(double value) {
        values.add(value);
    }

    void addAll(Series other) {
        values.addAll(other.values);
    }

    int size() {
        return values.size();
    }

    double median() {
        return quantile(0.5);
    }

    /// @param share 0 for the smallest value, 1 for the largest
    double quantile(double share) {
        var sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        double position = share * (sorted.size() - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (position - below) * (sorted.get(above) - sorted.get(below));
    }

    /// A row of a Markdown table: name, median, smallest, 90th percentile, largest.
    String row() {
        return "| %s | %.0f | %.0f | %.0f | %.0f |".formatted(name, median(), quantile(0), quantile(0.9), quantile(1));
    }

    static String header(String what) {
        return "| " + what + " | median | min | p90 | max |\n|---|---|---|---|---|";
    }
}
