/// A network driver in one file: containers of a network share a bridge.
package dev.weft.examples.bridge;
