/// Histories of several hosts with one store: whatever happens in whatever order, no address is ever two containers',
/// and in
/// the end all hosts know the same.
package dev.weft.agent.history;
