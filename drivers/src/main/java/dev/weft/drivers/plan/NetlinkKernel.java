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
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

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
    public boolean apply(Step step) {
        return switch (step) {
            case Step.CreateBridge bridge -> create(bridge);
            case Step.CreateVeth veth -> create(veth);
            case Step.AttachPort port -> attach(port);
        };
    }

    private boolean create(Step.CreateBridge bridge) {
        var found = fabric.link(bridge.name());
        if (found.isEmpty()) {
            var spec = LinkSpec.of(bridge.name(), Bridge.defaults().multicastSnooping(false))
                    .mtu(bridge.mtu())
                    .alias(bridge.alias())
                    .up();
            return addOr(fabric, spec, () -> create(bridge));
        }
        var link = ours(found.get(), Bridge.class, bridge.alias());
        return mend(link, bridge.mtu(), link.master(), bridge.alias());
    }

    private boolean create(Step.CreateVeth veth) {
        var found = fabric.link(veth.port());
        if (found.isPresent()) {
            ours(found.get(), Veth.class, veth.alias());
            return false;
        }
        if (hostHas(veth.containerEnd())) {
            throw new LinkConflict(
                    veth.containerEnd(),
                    "exists in the host's network namespace and is not Weft's; rename or remove it");
        }
        var containerEnd = LinkSpec.peer(veth.containerEnd())
                .mtu(veth.mtu())
                .address(veth.mac())
                .namespace(hostNamespace);
        var spec =
                LinkSpec.of(veth.port(), new Veth(containerEnd)).mtu(veth.mtu()).alias(veth.alias());
        boolean added = addOr(fabric, spec, () -> create(veth));
        host.link(veth.containerEnd())
                .ifPresent(end -> host.set(end.index(), LinkChange.none().alias(veth.alias())));
        return added;
    }

    /// Adds the link; if somebody else made one of that name meanwhile, looks again.
    private static boolean addOr(Netlink netlink, LinkSpec spec, BooleanSupplier again) {
        try {
            netlink.add(spec);
            return true;
        } catch (NetlinkException failure) {
            if (netlink.link(spec.name()).isPresent()) {
                return again.getAsBoolean();
            }
            throw failure;
        }
    }

    private boolean attach(Step.AttachPort step) {
        var port = fabric.link(step.port())
                .orElseThrow(() -> new LinkConflict(
                        step.port(), "is gone; disconnect its container from the network and connect it again"));
        var bridge = fabric.link(step.bridge())
                .orElseThrow(() -> new LinkConflict(step.bridge(), "is gone; it is made again within a minute"));
        return mend(ours(port, Veth.class, step.alias()), step.mtu(), bridge.index(), step.alias());
    }

    private boolean mend(Link link, int mtu, int master, String alias) {
        if (link.mtu() == mtu
                && link.up()
                && link.master() == master
                && link.alias().equals(alias)) {
            return false;
        }
        fabric.set(
                link.index(),
                LinkChange.none().mtu(mtu).master(master).alias(alias).up());
        return true;
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

    /// A link in the fabric without any alias is taken for ours: it is one that a crash left before it had its alias,
    /// or
    /// that a person made again by hand.
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

    @Override
    public Optional<String> removeFromFabric(String alias) {
        var link = fabric.links().stream()
                .filter(candidate -> candidate.alias().equals(alias))
                .findFirst();
        link.ifPresent(this::delete);
        return link.map(Link::name);
    }
}
