package dev.weft.drivers.plan;

import dev.weft.netlink.Bridge;
import dev.weft.netlink.BridgePort;
import dev.weft.netlink.Dummy;
import dev.weft.netlink.FdbEntry;
import dev.weft.netlink.Ifb;
import dev.weft.netlink.Link;
import dev.weft.netlink.Veth;
import dev.weft.netlink.Vxlan;
import java.util.Map;

/// Whether what there is is as a step says, of what has been read.
final class Difference {
    static final Bridge BRIDGE = Bridge.defaults().multicastSnooping(false);

    private Difference() {}

    static boolean none(Step step, Seen seen) {
        return switch (step) {
            case Step.CreateBridge bridge ->
                seen.fabricLink(bridge.name())
                        .filter(link -> link.kind().equals(BRIDGE))
                        .filter(link -> isUp(link, bridge.mtu(), bridge.alias()))
                        .isPresent();
            case Step.CreateVeth veth -> hasPort(veth, seen);
            case Step.Restore restored -> isRestored(restored, seen);
            case Step.NeedParent parent -> seen.hostLink(parent.link()).isPresent();
            case Step.NeedFreeParent ignored -> false; // only trying tells
            case Step.CreateVlan vlan ->
                seen.hostLink(vlan.name())
                        .filter(link -> link.up() || !LanLinks.isOurs(link, vlan))
                        .isPresent();
            case Step.CreateLanLink wanted -> hasLink(wanted, seen);
            case Step.RouteFromHost route ->
                seen.hostLink(route.link())
                        .filter(link -> seen.hostReaches(route.to(), link))
                        .isPresent();
            case Step.AttachPort port ->
                seen.fabricLink(port.port())
                        .filter(link -> isUp(link, port.mtu(), port.alias())
                                && isPort(link, port.bridge(), NetlinkKernel.flags(port), seen))
                        .isPresent();
            case Step.AddStation station ->
                seen.fabricLink(station.port())
                        .filter(link -> seen.stations(link).stream().anyMatch(entry -> isFixed(entry, station)))
                        .isPresent();
            case Step.CreateVxlan vxlan ->
                seen.fabricLink(vxlan.name())
                        .filter(link -> link.kind().equals(kind(vxlan)) && isUp(link, vxlan.mtu(), vxlan.alias()))
                        .filter(link -> isPort(link, vxlan.bridge(), NetlinkKernel.flags(vxlan), seen))
                        .flatMap(link -> seen.fabricLink(vxlan.bridge()))
                        .filter(bridge -> seen.fabricHasSettings(bridge, LinkSettings.ofAnsweringBridge()))
                        .isPresent();
            case Step.Forward forward -> {
                var device = seen.fabricLink(forward.device());
                var bridge = seen.fabricLink(forward.bridge());
                yield device.isPresent()
                        && bridge.isPresent()
                        && ForwardingTable.changes(forward, device.get(), bridge.get(), seen)
                                .isEmpty();
            }
            case Step.LimitRate limit ->
                seen.fabricLink(limit.link())
                        .filter(link -> Shaping.limits(seen.qdiscs(link), limit.bitsPerSecond()))
                        .isPresent();
            case Step.CreateIfb ifb ->
                seen.fabricLink(ifb.name())
                        .filter(link -> link.kind() instanceof Ifb
                                && link.up()
                                && link.alias().equals(ifb.alias()))
                        .isPresent();
            case Step.CreateDummy dummy ->
                seen.hostLink(dummy.name())
                        .filter(link -> link.kind() instanceof Dummy
                                && link.up()
                                && link.alias().equals(dummy.alias()))
                        .isPresent();
            case Step.Redirect redirect -> redirects(redirect, seen);
            case Step.AddressHostEnd end ->
                seen.hostLink(end.link())
                        .filter(link -> isUp(link, end.mtu() == 0 ? link.mtu() : end.mtu(), end.alias()))
                        .filter(link -> end.mac() == null || end.mac().equals(link.address()))
                        .filter(link -> seen.hostAddresses(link).containsAll(end.addresses()))
                        .filter(link -> seen.hostHasSettings(link, LinkSettings.ofHostEnd(end.hasIpv6())))
                        .isPresent();
        };
    }

    private static boolean redirects(Step.Redirect redirect, Seen seen) {
        var port = seen.fabricLink(redirect.port());
        var ifb = seen.fabricLink(redirect.ifb());
        return port.isPresent() && ifb.isPresent() && Shaping.redirects(seen.filters(port.get()), ifb.get());
    }

    private static boolean isUp(Link link, int mtu, String alias) {
        return link.up() && link.mtu() == mtu && link.alias().equals(alias);
    }

    private static boolean hasPort(Step.CreateVeth veth, Seen seen) {
        return seen.fabricLink(veth.port())
                        .filter(link -> Ownership.holds(link, Veth.class, veth.alias()))
                        .isPresent()
                && (!veth.stays() || seen.hostLink(veth.hostEnd()).isPresent());
    }

    private static boolean isRestored(Step.Restore restored, Seen seen) {
        return switch (restored.link()) {
            case Step.CreateVeth veth ->
                hasPort(veth, seen)
                        && seen.fabricLink(veth.port())
                                .filter(Difference::isWhole)
                                .isPresent();
            // Where the engine is about to move it from, then where it moves it.
            case Step.CreateLanLink link ->
                seen.hostLink(link.name()).filter(found -> isOf(link, found)).isPresent()
                        || Sandbox.links(restored.sandbox()).stream().anyMatch(inside -> isOf(link, inside));
        };
    }

    private static boolean hasLink(Step.CreateLanLink wanted, Seen seen) {
        var parent = seen.hostLink(wanted.parent());
        return seen.hostLink(wanted.name())
                .filter(link -> isOf(wanted, link) && LanLinks.stands(link, wanted, parent))
                .isPresent();
    }

    private static boolean isOf(Step.CreateLanLink wanted, Link link) {
        return link.kind().getClass() == wanted.kind().getClass()
                && link.alias().equals(wanted.alias());
    }

    /// What the port of a pair that was put back gets last.
    private static boolean isWhole(Link port) {
        return port.up() || !port.alias().isEmpty();
    }

    private static boolean isPort(Link link, String bridge, Map<BridgePort.Flag, Boolean> flags, Seen seen) {
        var master = seen.fabricLink(bridge);
        return master.isPresent()
                && link.master() == master.get().index()
                && seen.port(link).filter(port -> hasFlags(port, flags)).isPresent();
    }

    private static boolean hasFlags(BridgePort port, Map<BridgePort.Flag, Boolean> flags) {
        return flags.entrySet().stream().allMatch(flag -> port.has(flag.getKey()) == flag.getValue());
    }

    static Vxlan kind(Step.CreateVxlan step) {
        return Vxlan.of(step.vni()).local(step.local()).port(step.port()).learning(false);
    }

    private static boolean isFixed(FdbEntry entry, Step.AddStation station) {
        return entry.mac().equals(station.mac())
                && entry.table() == FdbEntry.Table.MASTER
                && entry.state() == FdbEntry.State.STATIC;
    }
}
