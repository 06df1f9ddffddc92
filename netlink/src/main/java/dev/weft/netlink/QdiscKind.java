package dev.weft.netlink;

/// What a qdisc does with packets, with the settings that only this kind has.
public sealed interface QdiscKind permits Ingress, QdiscKind.Other, TokenBucket {
    /// As `tc qdisc add ... NAME` has it.
    String kindName();

    /// One that has no record here (`htb`, `noqueue`), or settings that its record does not have.
    record Other(String kindName) implements QdiscKind {}
}
