/// Simulated hosts, each with a real Docker Engine of a chosen version, made of namespaces that vanish with
/// their JVM, and whole machines.
package dev.weft.lab;
