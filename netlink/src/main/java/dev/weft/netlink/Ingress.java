package dev.weft.netlink;

/// Holds no packets, but the filters that see what a link receives. Always at [Handle#INGRESS].
public record Ingress() implements QdiscKind {
    @Override
    public String kindName() {
        return "ingress";
    }
}
