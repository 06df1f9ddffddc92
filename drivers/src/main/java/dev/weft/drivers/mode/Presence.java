package dev.weft.drivers.mode;

import dev.weft.drivers.neighbors.AnnouncementOptions;
import dev.weft.drivers.neighbors.Probe;

/// How endpoints of a network are on a LAN where others are too.
///
/// @param link          of the host's, by which it is on that LAN
/// @param probe         how to ask before an endpoint gets an address
/// @param announcements how to tell the others of an endpoint's addresses
public record Presence(String link, Probe probe, AnnouncementOptions announcements) {}
