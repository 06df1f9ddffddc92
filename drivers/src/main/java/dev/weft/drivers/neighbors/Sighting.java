package dev.weft.drivers.neighbors;

import java.time.Instant;

/// A conflict that [ConflictWatch] heard.
///
/// @param lastSeen when its holder claimed the address last
public record Sighting(Conflict conflict, Instant lastSeen) {}
