package dev.weft.netlink;

/// What a filter looks at and does, with the settings that only this kind has.
public sealed interface FilterKind permits FilterKind.Other, Redirect {
    /// As `tc filter add ... NAME` has it.
    String kindName();

    /// One that has no record here (`bpf`, `flower`), or does something else than its record says.
    record Other(String kindName) implements FilterKind {}
}
