package dev.weft.netlink;

/// A link that sends what is redirected to it ([Redirect]) through its own qdisc, and then gives it back to where it
/// came from: so what comes in on another link can be limited as what goes out. It must be up.
public record Ifb() implements LinkKind {
    @Override
    public String kindName() {
        return "ifb";
    }
}
