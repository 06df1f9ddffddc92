package dev.weft.drivers.plan;

import dev.weft.drivers.plan.Kernel.Outcome;
import dev.weft.inet.Subnet;
import dev.weft.netlink.Dummy;
import dev.weft.netlink.Errno;
import dev.weft.netlink.Ipvlan;
import dev.weft.netlink.Link;
import dev.weft.netlink.LinkChange;
import dev.weft.netlink.LinkKind;
import dev.weft.netlink.LinkSpec;
import dev.weft.netlink.Macvlan;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.netlink.Route;
import dev.weft.netlink.Vlan;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;

/// Links of the host's namespace that stand on others: VLANs, macvlan and ipvlan, and the host's routes over them.
final class LanLinks {
    private final Netlink host;

    LanLinks(Netlink host) {
        this.host = host;
    }

    private Link parent(String name) {
        return host.link(name).orElseThrow(() -> gone(name));
    }

    static LinkConflict gone(String parent) {
        return new LinkConflict(
                parent,
                "is not on this host, and the network stands on it: bring it back, or remove the network and make it"
                        + " with another 'parent'");
    }

    /// Where the kernel has no macvlan links, nobody can tell.
    Outcome check(Step.NeedFreeParent need) {
        var spec = LinkSpec.of(need.trial(), new Macvlan(Macvlan.Mode.BRIDGE))
                .parent(parent(need.parent()).index());
        try {
            host.add(spec);
        } catch (NetlinkException failure) {
            if (!failure.is(Errno.EOPNOTSUPP)) {
                throw explained(failure, spec.kind(), need.trial(), need.parent());
            }
        }
        remove(need);
        return Outcome.FOUND;
    }

    void remove(Step.NeedFreeParent need) {
        host.link(need.trial())
                .filter(link -> link.kind() instanceof Macvlan && link.alias().isEmpty())
                .ifPresent(this::delete);
    }

    /// A link without an alias may be a person's, so it gets its name only when it has its alias: whoever finds it
    /// under the other name knows that it is half made.
    Outcome create(Step.CreateVlan vlan) {
        var present = host.link(vlan.name());
        if (present.isPresent()) {
            host.set(present.get().index(), LinkChange.none().up());
            return Outcome.MENDED;
        }
        var parent = parent(vlan.parent());
        halfMade(vlan).ifPresent(left -> host.delete(left.index()));
        add(LinkSpec.of(halfName(vlan), new Vlan(vlan.id())).parent(parent.index()), vlan.name(), vlan.parent());
        int index = halfMade(vlan).map(Link::index).orElseThrow(() -> gone(vlan.name()));
        host.set(index, LinkChange.none().name(vlan.name()).alias(vlan.alias()));
        host.set(index, LinkChange.none().up());
        return Outcome.CREATED;
    }

    private Optional<Link> halfMade(Step.CreateVlan vlan) {
        return host.link(halfName(vlan)).filter(link -> link.kind() instanceof Vlan);
    }

    private static String halfName(Step.CreateVlan vlan) {
        return "wvlan-" + Integer.toHexString(vlan.name().hashCode());
    }

    /// Unless a person has made it.
    void remove(Step.CreateVlan vlan) {
        halfMade(vlan).ifPresent(this::delete);
        host.link(vlan.name()).filter(link -> isOurs(link, vlan)).ifPresent(this::delete);
    }

    static boolean isOurs(Link link, Step.CreateVlan vlan) {
        return link.kind() instanceof Vlan && link.alias().equals(vlan.alias());
    }

    Outcome create(Step.CreateLanLink wanted) {
        var present = host.link(wanted.name());
        if (present.isPresent()) {
            var link = Ownership.check(present.get(), wanted.kind().getClass(), wanted.alias());
            if (stands(link, wanted)) {
                host.set(link.index(), LinkChange.none().alias(wanted.alias()));
                return Outcome.MENDED;
            }
            delete(link); // on a parent that is another now, or of another mode
        }
        add(spec(wanted, wanted.name()).alias(wanted.alias()), wanted.name(), wanted.parent());
        return Outcome.CREATED;
    }

    /// Whether the link, wherever it is now, is on its parent as the step says.
    boolean stands(Link link, Step.CreateLanLink wanted) {
        return stands(link, wanted, host.link(wanted.parent()));
    }

    /// One in mode passthru has the parent's MAC address, whatever it was made with.
    static boolean stands(Link link, Step.CreateLanLink wanted, Optional<Link> parent) {
        return parent.filter(below -> below.index() == link.peerIndex())
                .filter(below -> link.kind().equals(wanted.kind()))
                .filter(below -> wanted.mac() == null
                        || wanted.mac().equals(link.address())
                        || Objects.equals(below.address(), link.address()))
                .isPresent();
    }

    /// Makes the link in a namespace, under another name there, and without its alias.
    void add(Step.CreateLanLink wanted, String name, NetworkNamespace where) {
        add(spec(wanted, name).namespace(where), wanted.name(), wanted.parent());
    }

    private LinkSpec spec(Step.CreateLanLink wanted, String name) {
        var spec = LinkSpec.of(name, wanted.kind())
                .parent(parent(wanted.parent()).index())
                .mtu(wanted.mtu());
        return wanted.mac() == null ? spec : spec.address(wanted.mac());
    }

    private void add(LinkSpec spec, String link, String parent) {
        try {
            host.add(spec);
        } catch (NetlinkException failure) {
            throw explained(failure, spec.kind(), link, parent);
        }
    }

    /// What the kernel's word means here; the failure itself where that says nothing more.
    private static RuntimeException explained(NetlinkException failure, LinkKind kind, String link, String parent) {
        if (failure.is(Errno.EOPNOTSUPP)) {
            return lacking(link, kind);
        }
        if (failure.is(Errno.EEXIST) && kind instanceof Vlan vlan) {
            return new LinkConflict(
                    link,
                    "cannot be made, because VLAN " + vlan.id() + " of " + parent
                            + " has a link of another name; give that one as 'parent'");
        }
        if (failure.is(Errno.EBUSY)) {
            return new LinkConflict(
                    parent,
                    "is taken: it is a port of a bridge or a bond, or has links of the other kind on it (macvlan and"
                            + " ipvlan exclude each other, also those of other drivers); give another 'parent'");
        }
        if (failure.is(Errno.EADDRINUSE)) {
            return new LinkConflict(
                    parent, "has another link with that MAC address on it; give the container another --mac-address");
        }
        if (failure.is(Errno.EINVAL) && kind instanceof Macvlan macvlan) {
            return new LinkConflict(
                    parent,
                    macvlan.mode() == Macvlan.Mode.PASSTHRU
                            ? "has other links on it, and with macvlan_mode=passthru there can be one only: one"
                                    + " container, on a parent of its own"
                            : "takes no macvlan link: it is no Ethernet, or a link in mode passthru has it ("
                                    + failure.getMessage() + ")");
        }
        if (failure.is(Errno.EINVAL) && kind instanceof Ipvlan) {
            return new LinkConflict(parent, "takes no ipvlan link (" + failure.getMessage() + ")");
        }
        return failure;
    }

    /// Modules that are called otherwise than the kind of link they bring are those of VLANs.
    private static LinkConflict lacking(String link, LinkKind kind) {
        var module = kind instanceof Vlan ? "8021q" : kind.kindName();
        return new LinkConflict(
                link,
                "cannot be made, because this kernel has no links of kind '" + kind.kindName()
                        + "': load its module with 'modprobe " + module + "', or run a kernel that has it");
    }

    Outcome create(Step.CreateDummy dummy) {
        boolean created = host.link(dummy.name()).isEmpty();
        if (created) {
            try {
                host.add(LinkSpec.of(dummy.name(), new Dummy()));
            } catch (NetlinkException failure) {
                throw failure.is(Errno.EOPNOTSUPP) ? lacking(dummy.name(), new Dummy()) : failure;
            }
        }
        var link = host.link(dummy.name()).orElseThrow(() -> gone(dummy.name()));
        Ownership.check(link, Dummy.class, dummy.alias());
        host.set(link.index(), LinkChange.none().alias(dummy.alias()).up());
        return created ? Outcome.CREATED : Outcome.MENDED;
    }

    void remove(Step.CreateDummy dummy) {
        host.link(dummy.name())
                .filter(link -> Ownership.holds(link, Dummy.class, dummy.alias()))
                .ifPresent(this::delete);
    }

    void remove(Step.CreateLanLink wanted) {
        host.link(wanted.name())
                .filter(link -> Ownership.holds(link, wanted.kind().getClass(), wanted.alias()))
                .ifPresent(this::delete);
    }

    private void delete(Link link) {
        NetlinkKernel.delete(link, host);
    }

    Outcome add(Step.RouteFromHost route) {
        var link = host.link(route.link())
                .orElseThrow(() -> new LinkConflict(route.link(), "is gone; it is made again within a minute"));
        host.addRoute(Route.direct(destination(route.to()), link.index()));
        return Outcome.CREATED;
    }

    void remove(Step.RouteFromHost route) {
        var link = host.link(route.link());
        if (link.isEmpty()) {
            return;
        }
        try {
            host.deleteRoute(Route.direct(destination(route.to()), link.get().index()));
        } catch (NetlinkException failure) {
            if (!failure.is(Errno.ESRCH) && !failure.is(Errno.ENODEV)) {
                throw failure;
            }
        }
    }

    static Subnet destination(InetAddress address) {
        return new Subnet(address, address.getAddress().length * Byte.SIZE);
    }
}
