package dev.weft.drivers;

import dev.weft.drivers.plan.Step;

/// Something that is otherwise than on record.
///
/// @param whose for sentences: `network mynet`, `container web`
/// @param step  that would mend it
public record Deviation(String whose, Step step) {}
