package dev.weft.drivers.plan;

import dev.weft.netlink.Link;
import dev.weft.netlink.LinkKind;

/// Which links are ours: the alias says so.
final class Ownership {
    private Ownership() {}

    /// A link without any alias is taken for ours, where it has the name and the kind: it is one that a crash left
    /// before it had its alias, or that a person made again by hand.
    static boolean holds(Link link, Class<? extends LinkKind> kind, String alias) {
        return kind.isInstance(link.kind())
                && (link.alias().equals(alias) || link.alias().isEmpty());
    }

    /// The link, if it is ours.
    ///
    /// @throws LinkConflict if it is somebody else's
    static Link check(Link link, Class<? extends LinkKind> kind, String alias) {
        if (!kind.isInstance(link.kind())) {
            throw new LinkConflict(
                    link.name(),
                    "is of kind '" + link.kind().kindName() + "' and is not what Weft made; rename or remove it");
        }
        if (!holds(link, kind, alias)) {
            throw new LinkConflict(
                    link.name(),
                    "exists and is not what Weft made (its alias is '" + link.alias() + "', not '" + alias
                            + "'); rename or remove it");
        }
        return link;
    }
}
