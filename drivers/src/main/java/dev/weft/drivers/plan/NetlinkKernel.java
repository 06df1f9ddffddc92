package dev.weft.drivers.plan;

import static java.lang.System.Logger.Level.WARNING;
import static java.util.stream.Collectors.toSet;

import dev.weft.inet.MacAddress;
import dev.weft.netlink.Address;
import dev.weft.netlink.Bridge;
import dev.weft.netlink.BridgePort;
import dev.weft.netlink.Dummy;
import dev.weft.netlink.FdbEntry;
import dev.weft.netlink.Ifb;
import dev.weft.netlink.Ipvlan;
import dev.weft.netlink.Link;
import dev.weft.netlink.LinkChange;
import dev.weft.netlink.LinkKind;
import dev.weft.netlink.LinkSpec;
import dev.weft.netlink.Macvlan;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.netlink.Request;
import dev.weft.netlink.Veth;
import dev.weft.netlink.Vxlan;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The running kernel, through one netlink connection to the host's namespace and one to the fabric's.
public final class NetlinkKernel implements Kernel {
    private static final System.Logger LOG = System.getLogger(NetlinkKernel.class.getName());

    /// With what the alias of each link of ours begins.
    public static final String OURS = "weft ";

    private final NetworkNamespace hostNamespace;
    private final NetworkNamespace fabricNamespace;
    private final Netlink host;
    private final Netlink fabric;
    private final Seen live;
    private final Shaping shaping;
    private final LanLinks lan;

    /// The caller keeps what it passes and closes it.
    public NetlinkKernel(
            NetworkNamespace hostNamespace, Netlink host, NetworkNamespace fabricNamespace, Netlink fabric) {
        this.hostNamespace = hostNamespace;
        this.fabricNamespace = fabricNamespace;
        this.host = host;
        this.fabric = fabric;
        this.live = new Seen.Live(hostNamespace, host, fabricNamespace, fabric);
        this.shaping = new Shaping(fabric);
        this.lan = new LanLinks(host);
    }

    @Override
    public Outcome apply(Step step) {
        if (Difference.none(step, live)) {
            return Outcome.FOUND;
        }
        return switch (step) {
            case Step.CreateBridge bridge -> create(bridge);
            case Step.CreateVeth veth -> create(veth);
            case Step.Restore restore -> restore(restore);
            case Step.NeedParent parent -> throw LanLinks.gone(parent.link());
            case Step.NeedFreeParent parent -> lan.check(parent);
            case Step.CreateVlan vlan -> lan.create(vlan);
            case Step.CreateLanLink link -> lan.create(link);
            case Step.RouteFromHost route -> lan.add(route);
            case Step.AttachPort port -> attach(port);
            case Step.AddStation station -> add(station);
            case Step.AddressHostEnd end -> address(end);
            case Step.CreateDummy dummy -> lan.create(dummy);
            case Step.CreateIfb ifb -> create(ifb);
            case Step.CreateVxlan vxlan -> create(vxlan);
            case Step.Forward forward -> forward(forward);
            case Step.LimitRate limit -> shaping.limit(limit, fabricLink(limit.link()));
            case Step.Redirect redirect -> shaping.redirect(fabricLink(redirect.port()), fabricLink(redirect.ifb()));
        };
    }

    private Outcome create(Step.CreateBridge bridge) {
        // Made bare: a bridge that is made with an MTU takes it for a default, and follows its ports later.
        boolean created = fabric.link(bridge.name()).isEmpty() && added(LinkSpec.of(bridge.name(), Difference.BRIDGE));
        var link = Ownership.check(fabricLink(bridge.name()), Bridge.class, bridge.alias());
        if (!link.kind().equals(Difference.BRIDGE)) {
            fabric.send(Request.setBridge(link.index(), Difference.BRIDGE));
        }
        set(link, bridge.mtu(), link.master(), bridge.alias());
        return created ? Outcome.CREATED : Outcome.MENDED;
    }

    private Outcome create(Step.CreateVeth veth) {
        var port = fabric.link(veth.port()).map(link -> Ownership.check(link, Veth.class, veth.alias()));
        if (veth.stays() && !hostHas(veth.hostEnd())) {
            port.ifPresent(this::delete); // somebody has renamed the other end, or moved it
        }
        if (hostHas(veth.hostEnd())) {
            throw new LinkConflict(
                    veth.hostEnd(), "stands in the host's network namespace already; rename or remove it");
        }
        var hostEnd = LinkSpec.peer(veth.hostEnd())
                .mtu(veth.mtu())
                .address(veth.mac())
                .namespace(hostNamespace);
        if (!added(LinkSpec.of(veth.port(), new Veth(hostEnd)).mtu(veth.mtu()).alias(veth.alias()))) {
            Ownership.check(fabricLink(veth.port()), Veth.class, veth.alias());
            return Outcome.FOUND;
        }
        host.link(veth.hostEnd())
                .ifPresent(end -> host.set(end.index(), LinkChange.none().alias(veth.alias())));
        return Outcome.CREATED;
    }

    private Outcome restore(Step.Restore restored) {
        if (restored.link() instanceof Step.CreateVeth veth) {
            fabric.link(veth.port())
                    .map(link -> Ownership.check(link, Veth.class, veth.alias()))
                    .ifPresent(this::delete); // half made, by an agent that was killed
        }
        try (var sandbox = Sandbox.open(restored)) {
            switch (restored.link()) {
                case Step.CreateVeth veth -> sandbox.connect(veth, fabric);
                case Step.CreateLanLink link -> sandbox.add(link, lan);
            }
        }
        return Outcome.CREATED;
    }

    private Outcome create(Step.CreateIfb ifb) {
        boolean created = fabric.link(ifb.name()).isEmpty() && added(LinkSpec.of(ifb.name(), new Ifb()));
        var link = Ownership.check(fabricLink(ifb.name()), Ifb.class, ifb.alias());
        fabric.set(link.index(), LinkChange.none().alias(ifb.alias()).up());
        return created ? Outcome.CREATED : Outcome.MENDED;
    }

    /// One that differs is made anew: most of a VXLAN device stays as it was made.
    private Outcome create(Step.CreateVxlan vxlan) {
        var kind = Difference.kind(vxlan);
        fabric.link(vxlan.name())
                .map(link -> Ownership.check(link, Vxlan.class, vxlan.alias()))
                .filter(link -> !link.kind().equals(kind))
                .ifPresent(this::delete);
        boolean created = fabric.link(vxlan.name()).isEmpty();
        if (created) {
            host.add(LinkSpec.of(vxlan.name(), kind).namespace(fabricNamespace));
        }
        var bridge = fabric.link(vxlan.bridge())
                .orElseThrow(() -> new LinkConflict(vxlan.bridge(), "is gone; it is made again within a minute"));
        var device = fabricLink(vxlan.name());
        set(device, vxlan.mtu(), bridge.index(), vxlan.alias());
        fabric.setBridgePort(device.index(), flags(vxlan));
        try {
            LinkSettings.set(fabricNamespace, vxlan.bridge(), LinkSettings.ofAnsweringBridge());
        } catch (IOException failure) {
            throw new LinkConflict(vxlan.bridge(), "stays as it is: its settings cannot be written: " + failure);
        }
        return created ? Outcome.CREATED : Outcome.MENDED;
    }

    private Outcome forward(Step.Forward forward) {
        var device = fabric.link(forward.device())
                .orElseThrow(() -> new LinkConflict(forward.device(), "is gone; it is made again within a minute"));
        var bridge = fabric.link(forward.bridge())
                .orElseThrow(() -> new LinkConflict(forward.bridge(), "is gone; it is made again within a minute"));
        fabric.send(ForwardingTable.changes(forward, device, bridge, live));
        return Outcome.MENDED;
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
        set(Ownership.check(port, Veth.class, step.alias()), step.mtu(), bridge.index(), step.alias());
        fabric.setBridgePort(port.index(), flags(step));
        return Outcome.MENDED;
    }

    private void set(Link link, int mtu, int master, String alias) {
        fabric.set(
                link.index(),
                LinkChange.none().mtu(mtu).master(master).alias(alias).up());
    }

    /// What a port of ours has otherwise than the kernel makes it, and what would keep packets from it.
    static Map<BridgePort.Flag, Boolean> flags(Step.AttachPort step) {
        return flags(step.isolated(), false);
    }

    static Map<BridgePort.Flag, Boolean> flags(Step.CreateVxlan step) {
        return flags(step.isolated(), true);
    }

    /// @param told whether the bridge is told what is behind the port, and answers for it
    private static Map<BridgePort.Flag, Boolean> flags(boolean isolated, boolean told) {
        return Map.of(
                BridgePort.Flag.ISOLATED, isolated,
                BridgePort.Flag.LEARNING, !told,
                BridgePort.Flag.FLOOD, true,
                BridgePort.Flag.MULTICAST_FLOOD, true,
                BridgePort.Flag.BROADCAST_FLOOD, true,
                BridgePort.Flag.HAIRPIN, false,
                BridgePort.Flag.NEIGHBOR_SUPPRESS, told,
                BridgePort.Flag.BPDU_GUARD, false);
    }

    private Outcome add(Step.AddStation station) {
        fabric.send(Request.replaceFdb(
                FdbEntry.port(fabricLink(station.port()).index(), station.mac()).sticking()));
        return Outcome.MENDED;
    }

    private Outcome address(Step.AddressHostEnd step) {
        var end = host.link(step.link())
                .orElseThrow(() -> new LinkConflict(step.link(), "is gone; it is made again within a minute"));
        Ownership.check(end, LinkKind.class, step.alias());
        var change = LinkChange.none().alias(step.alias());
        var sized = step.mtu() == 0 ? change : change.mtu(step.mtu());
        host.set(end.index(), step.mac() == null ? sized : sized.address(step.mac()));
        try {
            LinkSettings.set(hostNamespace, step.link(), LinkSettings.ofHostEnd(step.hasIpv6()));
        } catch (IOException failure) {
            throw new LinkConflict(step.link(), "stays as it is: its settings cannot be written: " + failure);
        }
        host.set(end.index(), LinkChange.none().up());
        var present = live.hostAddresses(end);
        for (var address : step.addresses()) {
            if (!present.contains(address)) {
                host.addAddress(Address.of(end.index(), address).withoutDuplicateDetection());
            }
        }
        return Outcome.MENDED;
    }

    @Override
    public void undo(Step step) {
        switch (step) {
            case Step.CreateBridge bridge -> remove(bridge.name(), Bridge.class, bridge.alias());
            case Step.CreateVeth veth -> remove(veth.port(), Veth.class, veth.alias());
            case Step.Restore restore -> undo(restore);
            case Step.NeedFreeParent parent -> lan.remove(parent);
            case Step.CreateVlan vlan -> lan.remove(vlan);
            case Step.CreateLanLink link -> lan.remove(link);
            case Step.RouteFromHost route -> lan.remove(route);
            case Step.CreateDummy dummy -> lan.remove(dummy);
            case Step.CreateVxlan vxlan -> remove(vxlan.name(), Vxlan.class, vxlan.alias());
            case Step.CreateIfb ifb -> remove(ifb.name(), Ifb.class, ifb.alias());
            case Step.NeedParent ignored -> isAPersons();
            case Step.AttachPort ignored -> goesWithItsLink();
            case Step.AddStation ignored -> goesWithItsLink();
            case Step.Forward ignored -> goesWithItsLink();
            case Step.AddressHostEnd ignored -> goesWithItsLink();
            case Step.LimitRate ignored -> goesWithItsLink();
            case Step.Redirect ignored -> goesWithItsLink();
        }
    }

    private static void goesWithItsLink() {}

    private static void isAPersons() {}

    private void undo(Step.Restore restored) {
        switch (restored.link()) {
            case Step.CreateVeth veth -> undo(veth);
            case Step.CreateLanLink link -> Sandbox.remove(restored.sandbox(), link.alias());
        }
    }

    /// Somebody else's link stays: what is to be undone is not there.
    private void remove(String name, Class<? extends LinkKind> kind, String alias) {
        var link = fabric.link(name);
        link.filter(found -> Ownership.holds(found, kind, alias)).ifPresent(this::delete);
        link.filter(found -> !Ownership.holds(found, kind, alias))
                .ifPresent(other -> LOG.log(
                        WARNING,
                        "link {0} in the fabric stays: it is not what Weft made (it is of kind ''{1}'' with the alias"
                                + " ''{2}'')",
                        name,
                        other.kind().kindName(),
                        other.alias()));
    }

    @Override
    public int remove(String alias) {
        return remove(alias, fabric, fabric.links().stream()) + remove(alias, host, onTheLan(host.links().stream()));
    }

    private static int remove(String alias, Netlink where, Stream<Link> links) {
        var bearers = links.filter(link -> link.alias().equals(alias)).toList();
        bearers.forEach(link -> delete(link, where));
        return bearers.size();
    }

    /// Of the host's links those that may be ours without a port in the fabric.
    private static Stream<Link> onTheLan(Stream<Link> links) {
        return links.filter(link -> switch (link.kind()) {
            case Macvlan _, Ipvlan _, Dummy _ -> true;
            default -> false;
        });
    }

    private void delete(Link link) {
        delete(link, fabric);
    }

    static void delete(Link link, Netlink where) {
        try {
            where.delete(link.index());
        } catch (NetlinkException failure) {
            if (where.link(link.index()).isPresent()) {
                throw failure;
            }
        }
    }

    @Override
    public boolean hostHas(String link) {
        return host.link(link).isPresent();
    }

    @Override
    public View view() {
        var snapshot = Seen.Snapshot.of(hostNamespace, host, fabricNamespace, fabric);
        return new View() {
            @Override
            public boolean holds(Step step) {
                return Difference.none(step, snapshot);
            }

            @Override
            public Set<String> aliases() {
                return Stream.concat(
                                snapshot.fabricLinks().values().stream(),
                                onTheLan(snapshot.hostLinks().values().stream()))
                        .map(Link::alias)
                        .filter(alias -> alias.startsWith(OURS))
                        .collect(toSet());
            }
        };
    }

    @Override
    public Optional<String> nameInSandbox(String sandbox, String alias, MacAddress mac) {
        return Sandbox.nameOf(sandbox, alias, mac);
    }
}
