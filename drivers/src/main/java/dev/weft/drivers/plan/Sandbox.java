package dev.weft.drivers.plan;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.netlink.Address;
import dev.weft.netlink.Link;
import dev.weft.netlink.LinkChange;
import dev.weft.netlink.LinkSpec;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.netlink.Route;
import dev.weft.netlink.Veth;
import dev.weft.plugin.StaticRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The network namespace of a container, entered only to look, and to put a link back that was removed.
final class Sandbox implements AutoCloseable {
    private final Step.RestoreVeth wanted;
    private final NetworkNamespace namespace;
    private final Netlink netlink;

    private Sandbox(Step.RestoreVeth wanted, NetworkNamespace namespace) {
        this.wanted = wanted;
        this.namespace = namespace;
        this.netlink = Netlink.open(namespace);
    }

    /// @throws LinkConflict if it is gone: then its container is too
    static Sandbox open(Step.RestoreVeth wanted) {
        var path = Path.of(wanted.sandbox());
        if (!Files.exists(path)) {
            throw new LinkConflict(
                    wanted.veth().port(), "is gone, and so is the container's network namespace " + path);
        }
        var namespace = NetworkNamespace.at(path);
        try {
            return new Sandbox(wanted, namespace);
        } catch (RuntimeException failure) {
            namespace.close();
            throw failure;
        }
    }

    /// Makes the pair anew, with its port in the fabric and its other end here, as the engine had set that up. The port
    /// is down and has no alias: whoever finds it so knows that it may be half made.
    void connect(Netlink fabric) {
        var veth = wanted.veth();
        var name = wanted.interfaceName().isEmpty() ? firstFree() : wanted.interfaceName();
        if (netlink.link(name).isPresent()) {
            throw new LinkConflict(
                    veth.port(),
                    "is gone, and its container has another link " + name
                            + "; disconnect the container from the network and connect it again");
        }
        var end = LinkSpec.peer(name).mtu(veth.mtu()).address(veth.mac()).namespace(namespace);
        fabric.add(LinkSpec.of(veth.port(), new Veth(end)).mtu(veth.mtu()));
        try {
            int index = netlink.link(name)
                    .map(Link::index)
                    .orElseThrow(() -> new LinkConflict(
                            veth.port(),
                            "was put back and is gone again; see who removes " + name + " in the container"));
            enableIpv6(name, wanted.addresses().stream().anyMatch(address -> !address.isIpv4()));
            netlink.set(index, LinkChange.none().up());
            wanted.addresses().forEach(address -> add(index, address));
            wanted.routes().forEach(route -> add(index, route));
        } catch (RuntimeException failure) {
            fabric.link(veth.port()).ifPresent(half -> fabric.delete(half.index()));
            throw failure;
        }
    }

    private String firstFree() {
        List<String> taken = netlink.links().stream().map(Link::name).toList();
        return IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> "eth" + number)
                .filter(name -> !taken.contains(name))
                .findFirst()
                .orElseThrow();
    }

    private void enableIpv6(String name, boolean enabled) {
        try {
            Ipv6Settings.set(namespace, name, Ipv6Settings.ofLink(enabled));
        } catch (IOException failure) {
            throw new LinkConflict(
                    wanted.veth().port(), "cannot be put back: its IPv6 cannot be set in the container: " + failure);
        }
    }

    private void add(int index, Cidr address) {
        netlink.addAddress(Address.of(index, address).withoutDuplicateDetection());
    }

    /// Of the origin that routes from engines and from `ip route add` have.
    private void add(int index, StaticRoute wantedRoute) {
        var nextHop = wantedRoute.nextHop();
        var route = nextHop == null
                ? Route.direct(wantedRoute.destination(), index)
                : Route.via(nextHop, wantedRoute.destination(), index);
        netlink.addRoute(route.protocol(Route.Protocol.BOOT));
    }

    /// What the link with that MAC address is called in a sandbox; empty if there is none, or no such sandbox.
    static Optional<String> nameOf(String sandbox, MacAddress mac) {
        var path = Path.of(sandbox);
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try (var namespace = NetworkNamespace.at(path);
                var inside = Netlink.open(namespace)) {
            return inside.links().stream()
                    .filter(link -> mac.equals(link.address()))
                    .map(Link::name)
                    .findFirst();
        } catch (NetlinkException goneMeanwhile) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        netlink.close();
        namespace.close();
    }
}
