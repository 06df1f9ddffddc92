package dev.weft.drivers.plan;

import static java.util.stream.Collectors.toSet;

import dev.weft.netlink.Bridge;
import dev.weft.netlink.Link;
import dev.weft.netlink.LinkChange;
import dev.weft.netlink.LinkKind;
import dev.weft.netlink.LinkSpec;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.netlink.Veth;
import java.util.Set;

/// The running kernel, through one netlink connection to the host's namespace and one to the fabric's.
public final class NetlinkKernel implements Kernel {
    /// With what the alias of each link of ours begins.
    public static final String OURS = "weft ";

    private final NetworkNamespace hostNamespace;
    private final Netlink host;
    private final Netlink fabric;

    /// The caller keeps what it passes and closes it.
    public NetlinkKernel(NetworkNamespace hostNamespace, Netlink host, Netlink fabric) {
        this.hostNamespace = hostNamespace;
        this.host = host;
        this.fabric = fabric;
    }

    @Override
    public Outcome apply(Step step) {
        return switch (step) {
            case Step.CreateBridge bridge -> create(bridge);
            case Step.CreateVeth veth -> create(veth);
            case Step.AttachPort port -> attach(port);
        };
    }

    private Outcome create(Step.CreateBridge bridge) {
        // Made bare: a bridge that is made with an MTU takes it for a default, and follows its ports later.
        boolean created = fabric.link(bridge.name()).isEmpty()
                && added(LinkSpec.of(bridge.name(), Bridge.defaults().multicastSnooping(false)));
        var link = ours(fabricLink(bridge.name()), Bridge.class, bridge.alias());
        var outcome = mend(link, bridge.mtu(), link.master(), bridge.alias());
        return created ? Outcome.CREATED : outcome;
    }

    private Outcome create(Step.CreateVeth veth) {
        var found = fabric.link(veth.port());
        if (found.isPresent()) {
            ours(found.get(), Veth.class, veth.alias());
            return Outcome.FOUND;
        }
        if (hostHas(veth.containerEnd())) {
            throw new LinkConflict(
                    veth.containerEnd(), "stands in the host's network namespace already; rename or remove it");
        }
        var containerEnd = LinkSpec.peer(veth.containerEnd())
                .mtu(veth.mtu())
                .address(veth.mac())
                .namespace(hostNamespace);
        if (!added(
                LinkSpec.of(veth.port(), new Veth(containerEnd)).mtu(veth.mtu()).alias(veth.alias()))) {
            ours(fabricLink(veth.port()), Veth.class, veth.alias());
            return Outcome.FOUND;
        }
        host.link(veth.containerEnd())
                .ifPresent(end -> host.set(end.index(), LinkChange.none().alias(veth.alias())));
        return Outcome.CREATED;
    }

    /// Adds the link to the fabric, unless somebody else has made one of that name meanwhile.
    private boolean added(LinkSpec spec) {
        try {
            fabric.add(spec);
            return true;
        } catch (NetlinkException failure) {
            if (fabric.link(spec.name()).isPresent()) {
                return false;
            }
            throw failure;
        }
    }

    private Link fabricLink(String name) {
        return fabric.link(name)
                .orElseThrow(() -> new LinkConflict(name, "is gone as soon as it is made; see who removes it"));
    }

    private Outcome attach(Step.AttachPort step) {
        var port = fabric.link(step.port())
                .orElseThrow(() -> new LinkConflict(
                        step.port(), "is gone; disconnect its container from the network and connect it again"));
        var bridge = fabric.link(step.bridge())
                .orElseThrow(() -> new LinkConflict(step.bridge(), "is gone; it is made again within a minute"));
        return mend(ours(port, Veth.class, step.alias()), step.mtu(), bridge.index(), step.alias());
    }

    private Outcome mend(Link link, int mtu, int master, String alias) {
        if (link.mtu() == mtu
                && link.up()
                && link.master() == master
                && link.alias().equals(alias)) {
            return Outcome.FOUND;
        }
        fabric.set(
                link.index(),
                LinkChange.none().mtu(mtu).master(master).alias(alias).up());
        return Outcome.MENDED;
    }

    @Override
    public void undo(Step step) {
        switch (step) {
            case Step.CreateBridge bridge -> remove(bridge.name(), Bridge.class, bridge.alias());
            case Step.CreateVeth veth -> remove(veth.port(), Veth.class, veth.alias());
            case Step.AttachPort attached -> {
                // The port leaves its bridge when it is removed.
            }
        }
    }

    private void remove(String name, Class<? extends LinkKind> kind, String alias) {
        var link = fabric.link(name);
        if (link.isPresent()) {
            delete(ours(link.get(), kind, alias));
        }
    }

    private void delete(Link link) {
        try {
            fabric.delete(link.index());
        } catch (NetlinkException failure) {
            if (fabric.link(link.index()).isPresent()) {
                throw failure;
            }
        }
    }

    /// A link in the fabric without any alias is taken for ours: it is one that a crash left before it had
    /// its alias, or that a person made again by hand.
    private static Link ours(Link link, Class<? extends LinkKind> kind, String alias) {
        if (!kind.isInstance(link.kind())) {
            throw new LinkConflict(
                    link.name(),
                    "is of kind '" + link.kind().kindName() + "' and is not what Weft made; rename or remove it");
        }
        if (!link.alias().equals(alias) && !link.alias().isEmpty()) {
            throw new LinkConflict(
                    link.name(),
                    "exists and is not what Weft made (its alias is '" + link.alias() + "', not '" + alias
                            + "'); rename or remove it");
        }
        return link;
    }

    @Override
    public boolean hostHas(String link) {
        return host.link(link).isPresent();
    }

    @Override
    public Set<String> fabricAliases() {
        return fabric.links().stream()
                .map(Link::alias)
                .filter(alias -> alias.startsWith(OURS))
                .collect(toSet());
    }
}
