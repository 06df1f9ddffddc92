/// Whole-system benchmarks: medians of interleaved rounds, as ratios to what a user would otherwise have.
package dev.weft.benchmarks;
