package dev.weft.agent.crash;

import dev.weft.inet.Cidr;
import dev.weft.netlink.Address;
import dev.weft.netlink.Link;
import dev.weft.netlink.LinkChange;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.plugin.client.Endpoint;
import dev.weft.plugin.client.LinkMoves;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The network namespaces of containers, and what an engine does with links: in at a Join, back after a Leave.
final class Sandboxes implements LinkMoves, AutoCloseable {
    private final Host host;
    private final Netlink links;
    private final Map<String, Sandbox> sandboxes = new TreeMap<>();

    /// @param endpoints that have been put there
    private record Sandbox(NetworkNamespace namespace, Netlink netlink, List<Endpoint> endpoints) {
        /// By its MAC address: a link that was restored has no other mark.
        Optional<Link> link(Endpoint endpoint) {
            return netlink.links().stream()
                    .filter(link -> Objects.equals(link.address(), endpoint.mac()))
                    .findFirst();
        }

        List<Link> all() {
            return netlink.links().stream()
                    .filter(link -> !link.name().equals("lo"))
                    .toList();
        }
    }

    Sandboxes(Host host) {
        this.host = host;
        this.links = Netlink.open(host.namespace());
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    @Override
    public void open(String key) {
        host.keeper().run("ip netns add " + name(key) + " && ln -s /run/netns/" + name(key) + " " + key);
        var namespace = NetworkNamespace.at(host.keeper().path("/run/netns/" + name(key)));
        sandboxes.put(key, new Sandbox(namespace, Netlink.open(namespace), new ArrayList<>()));
    }

    @Override
    public Optional<String> moveIn(Endpoint endpoint, String key) {
        var source = String.valueOf(endpoint.joined().sourceName());
        var link = links.link(source);
        if (link.isEmpty()) {
            return Optional.of("no link " + source);
        }
        var sandbox = of(key);
        links.set(link.get().index(), LinkChange.none().namespace(sandbox.namespace()));
        int index = sandbox.netlink().link(source).orElseThrow().index();
        sandbox.netlink().set(index, LinkChange.none().name(firstFree(sandbox)).up());
        addresses(endpoint)
                .forEach(address ->
                        sandbox.netlink().addAddress(Address.of(index, address).withoutDuplicateDetection()));
        sandbox.endpoints().add(endpoint);
        return Optional.empty();
    }

    private static String firstFree(Sandbox sandbox) {
        var taken = sandbox.all().stream().map(Link::name).toList();
        return IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> "eth" + number)
                .filter(name -> !taken.contains(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Cidr> addresses(Endpoint endpoint) {
        return Stream.of(endpoint.address(), endpoint.addressIpv6())
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public void moveOut(Endpoint endpoint, String key) {
        var sandbox = of(key);
        sandbox.link(endpoint).ifPresent(link -> {
            var name = String.valueOf(endpoint.joined().sourceName());
            sandbox.netlink().set(link.index(), LinkChange.none().down());
            sandbox.netlink().set(link.index(), LinkChange.none().name(name).namespace(host.namespace()));
        });
        sandbox.endpoints().remove(endpoint);
    }

    @Override
    public void close(String key) {
        close(of(key));
        sandboxes.remove(key);
        host.keeper().run("rm " + key + " && ip netns del " + name(key));
    }

    private Sandbox of(String key) {
        return Objects.requireNonNull(sandboxes.get(key), key);
    }

    /// Of the container that has the endpoint.
    NetworkNamespace namespace(Endpoint endpoint) {
        return sandboxes.values().stream()
                .filter(sandbox -> sandbox.endpoints().contains(endpoint))
                .map(Sandbox::namespace)
                .findFirst()
                .orElseThrow();
    }

    /// Links in all sandboxes, with the endpoint whose MAC address they have: `02:42:0a:63:00:02 up`.
    List<String> links() {
        return sandboxes.values().stream()
                .flatMap(sandbox -> sandbox.all().stream())
                .map(link -> link.address() + (link.carrier() ? " up" : " down"))
                .sorted()
                .toList();
    }

    /// The same of what should be there.
    static List<String> expected(List<Endpoint> endpoints) {
        return endpoints.stream()
                .map(endpoint -> endpoint.mac() + " up")
                .sorted()
                .toList();
    }

    private static void close(Sandbox sandbox) {
        sandbox.netlink().close();
        sandbox.namespace().close();
    }

    @Override
    public void close() {
        sandboxes.values().forEach(Sandboxes::close);
        links.close();
    }
}
