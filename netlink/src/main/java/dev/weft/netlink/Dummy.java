package dev.weft.netlink;

/// A link that leads nowhere: what is sent on it is gone. Others can stand on it.
public record Dummy() implements LinkKind {
    @Override
    public String kindName() {
        return "dummy";
    }
}
