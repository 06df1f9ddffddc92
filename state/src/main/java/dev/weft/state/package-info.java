/// The registry of what should exist on this host, kept in SQLite and in memory.
package dev.weft.state;
