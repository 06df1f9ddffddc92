/// Stands for an engine in tests of those who talk to one.
@org.jspecify.annotations.NullMarked
package dev.weft.engine.fake;
