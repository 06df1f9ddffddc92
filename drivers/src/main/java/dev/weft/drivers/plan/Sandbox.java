package dev.weft.drivers.plan;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.netlink.Address;
import dev.weft.netlink.Errno;
import dev.weft.netlink.Ipvlan;
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
import java.util.function.Function;
import java.util.stream.IntStream;

/// The network namespace of a container, entered only to look, and to put a link back that was removed.
final class Sandbox implements AutoCloseable {
    private final Step.Restore wanted;
    private final NetworkNamespace namespace;
    private final Netlink netlink;

    private Sandbox(Step.Restore wanted, NetworkNamespace namespace) {
        this.wanted = wanted;
        this.namespace = namespace;
        this.netlink = Netlink.open(namespace);
    }

    /// @throws LinkConflict if it is gone: then its container is too
    static Sandbox open(Step.Restore wanted) {
        var path = Path.of(wanted.sandbox());
        if (!Files.exists(path)) {
            throw new LinkConflict(shown(wanted), "is gone, and so is the container's network namespace " + path);
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
    void connect(Step.CreateVeth veth, Netlink fabric) {
        var name = freeName();
        var end = LinkSpec.peer(name).mtu(veth.mtu()).address(veth.mac()).namespace(namespace);
        fabric.add(LinkSpec.of(veth.port(), new Veth(end)).mtu(veth.mtu()));
        try {
            settle(name);
        } catch (RuntimeException failure) {
            fabric.link(veth.port()).ifPresent(half -> fabric.delete(half.index()));
            throw failure;
        }
    }

    /// Makes a macvlan or ipvlan link anew here, as the engine had set it up. It gets its alias last: whoever finds it
    /// without one knows that it may be half made.
    void add(Step.CreateLanLink link, LanLinks lan) {
        netlink.links().stream()
                .filter(left -> isHalfMade(left, link, lan))
                .forEach(left -> netlink.delete(left.index()));
        var name = freeName();
        lan.add(link, name, namespace);
        try {
            int index = settle(name);
            netlink.set(index, LinkChange.none().alias(link.alias()));
        } catch (RuntimeException failure) {
            netlink.link(name).ifPresent(half -> netlink.delete(half.index()));
            throw failure;
        }
    }

    /// By an agent that was killed. Whatever else there may be of the kind has an address of its own.
    private boolean isHalfMade(Link left, Step.CreateLanLink link, LanLinks lan) {
        return left.alias().isEmpty()
                && lan.stands(left, link)
                && (wanted.interfaceName().isEmpty() || left.name().equals(wanted.interfaceName()))
                && netlink.addresses().stream()
                        .filter(address -> address.index() == left.index())
                        .map(Address::cidr)
                        .filter(cidr -> !cidr.address().isLinkLocalAddress())
                        .allMatch(wanted.addresses()::contains);
    }

    private static String shown(Step.Restore wanted) {
        return switch (wanted.link()) {
            case Step.CreateVeth veth -> veth.port();
            case Step.CreateLanLink link -> link.name();
        };
    }

    private String freeName() {
        var name = wanted.interfaceName().isEmpty() ? firstFree() : wanted.interfaceName();
        if (netlink.link(name).isPresent()) {
            throw new LinkConflict(
                    shown(wanted),
                    "is gone, and its container has another link " + name
                            + "; disconnect the container from the network and connect it again");
        }
        return name;
    }

    /// @return the index of the link, which has all but its alias
    private int settle(String name) {
        int index = netlink.link(name)
                .map(Link::index)
                .orElseThrow(() -> new LinkConflict(
                        shown(wanted),
                        "was put back and is gone again; see who removes " + name + " in the container"));
        enableIpv6(name, wanted.addresses().stream().anyMatch(address -> !address.isIpv4()));
        netlink.set(index, LinkChange.none().up());
        wanted.addresses().forEach(address -> add(index, address));
        wanted.routes().forEach(route -> add(index, route));
        return index;
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
            LinkSettings.set(namespace, name, LinkSettings.ofLink(enabled));
        } catch (IOException failure) {
            throw new LinkConflict(
                    shown(wanted), "cannot be put back: its IPv6 cannot be set in the container: " + failure);
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
        try {
            netlink.addRoute(route.protocol(Route.Protocol.BOOT));
        } catch (NetlinkException failure) {
            if (wantedRoute.destination().prefixLength() > 0 || !failure.is(Errno.EEXIST)) {
                throw failure;
            }
            // Another network is the container's way out, as engines have it too: of several networks one is.
        }
    }

    /// What the link with that alias is called in a sandbox, or else the one with that MAC address, which several have
    /// that share their parent's; empty if there is none, or no such sandbox.
    static Optional<String> nameOf(String sandbox, String alias, MacAddress mac) {
        var links = links(sandbox);
        return links.stream()
                .filter(link -> link.alias().equals(alias))
                .findFirst()
                .or(() -> links.stream()
                        .filter(link -> mac.equals(link.address()) && !(link.kind() instanceof Ipvlan))
                        .findFirst())
                .map(Link::name);
    }

    /// None if there is no such sandbox.
    static List<Link> links(String sandbox) {
        return inside(sandbox, Netlink::links, List.of());
    }

    /// Removes the links with that alias.
    static void remove(String sandbox, String alias) {
        inside(
                sandbox,
                inside -> {
                    inside.links().stream()
                            .filter(link -> link.alias().equals(alias))
                            .forEach(link -> NetlinkKernel.delete(link, inside));
                    return true;
                },
                false);
    }

    private static <T> T inside(String sandbox, Function<Netlink, T> work, T otherwise) {
        var path = Path.of(sandbox);
        if (!Files.exists(path)) {
            return otherwise;
        }
        try (var namespace = NetworkNamespace.at(path);
                var inside = Netlink.open(namespace)) {
            return work.apply(inside);
        } catch (NetlinkException goneMeanwhile) {
            return otherwise;
        }
    }

    @Override
    public void close() {
        netlink.close();
        namespace.close();
    }
}
