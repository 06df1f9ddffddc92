package dev.weft.system;

import dev.weft.drivers.mode.LinkNames;
import dev.weft.lab.Host;
import dev.weft.netlink.Link;
import dev.weft.netlink.LinkChange;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.state.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A host whose agent is called by a recording in place of its engine. All sandboxes are one network namespace.
final class ReplayHost implements AutoCloseable {
    private static final String SANDBOX = "sandbox";

    /// The engine has no part in it, and would say that it has none of the networks. Subnets are chosen as they were by
    /// the recording plugin.
    private static final String[] SETTINGS = {
        "docker.socket = ''",
        "ipam.local_pools = ['10.199.0.0/24 by /24', 'fd99:2::/64 by /64']",
        "ipam.global_pools = ['10.198.0.0/24 by /24', 'fd99:3::/64 by /64']"
    };

    private final Host host;
    private final IpamReplay ipam = new IpamReplay(this);
    private final Map<Long, EngineConnection> connections = new HashMap<>();
    private final NetworkNamespace namespace;
    private final Netlink links;
    private NetworkNamespace sandbox;
    private Netlink sandboxLinks;
    private Netlink fabric;

    ReplayHost(Host host) throws IOException {
        this.host = host;
        namespace = NetworkNamespace.at(Path.of("/proc", Long.toString(host.pid()), "ns/net"));
        links = Netlink.open(namespace);
        startFromNothing();
    }

    private void startFromNothing() throws IOException {
        host.sh("ip netns add " + SANDBOX).ok();
        sandbox = pinned(SANDBOX);
        sandboxLinks = Netlink.open(sandbox);
        new AgentSettings(host).startWith(SETTINGS);
        ask(0, RecordedCall.deleteNetwork("none").bytes()); // answered when the agent has made its fabric
        try (var namespace = pinned("weft")) {
            fabric = Netlink.open(namespace);
        }
    }

    /// A namespace that is pinned in the host's own `/run/netns`.
    private NetworkNamespace pinned(String name) {
        return NetworkNamespace.at(Path.of("/proc", Long.toString(host.pid()), "root/run/netns", name));
    }

    Host host() {
        return host;
    }

    IpamReplay ipam() {
        return ipam;
    }

    /// SIGKILL, and a start.
    void killAndStartAgent() {
        host.killAgent();
        ipam.agentKilled();
        disconnect();
        host.startAgent();
    }

    /// SIGKILL, and nothing that the kernel held survives; then a start.
    void losePower() throws IOException {
        endWithAllLinks();
        ipam.agentKilled();
        startFromNothing();
    }

    /// The same with an empty disk.
    void startAnew() throws IOException {
        endWithAllLinks();
        ipam.forget();
        host.sh("rm -rf /var/lib/weft/*").ok();
        startFromNothing();
    }

    private void endWithAllLinks() {
        host.killAgent();
        disconnect();
        closeNamespaces();
        host.sh("ip netns del weft; ip netns del " + SANDBOX).ok();
        Eventually.isTrue("the links are gone", () -> links.links().stream().noneMatch(ReplayHost::isOurs));
    }

    /// A copy of what the agent has on record, for which nobody need stop it. No call may be under way.
    Registry registry(Path folder) throws IOException {
        return Records.copy(host, folder);
    }

    /// On the connection that the recording names, which stays open.
    EngineConnection.Answer ask(long connection, byte[] request) throws IOException {
        return connection(connection).ask(request);
    }

    /// Sends it and does not wait for the answer.
    void send(long connection, byte[] request) throws IOException {
        connection(connection).send(request);
    }

    private EngineConnection connection(long number) throws IOException {
        var known = connections.get(number);
        if (known == null) {
            known = new EngineConnection(host.pluginSocket());
            connections.put(number, known);
        }
        return known;
    }

    /// The numbers of connections begin anew.
    void disconnect() {
        for (var connection : connections.values()) {
            try {
                connection.close();
            } catch (IOException unclosed) {
                throw new AssertionError(unclosed);
            }
        }
        connections.clear();
    }

    /// What an engine does with the link that a Join names.
    void moveIntoSandbox(EngineConnection.Answer joined) {
        var name = String.valueOf(((Map<?, ?>) joined.json().get("InterfaceName")).get("SrcName"));
        int index = links.link(name).orElseThrow().index();
        links.set(index, LinkChange.none().namespace(sandbox));
        sandboxLinks
                .link(name)
                .ifPresent(
                        link -> sandboxLinks.set(link.index(), LinkChange.none().up()));
    }

    /// What an engine does after a Leave, whatever the answer: the link, if it is still there, comes back, and down.
    void moveBack(String endpointId) {
        sandboxLinks
                .link(LinkNames.containerEnd(endpointId))
                .ifPresent(link ->
                        sandboxLinks.set(link.index(), LinkChange.none().down().namespace(namespace)));
    }

    Optional<Link> hostLink(String name) {
        return links.link(name);
    }

    /// Links of the fabric.
    List<Link> fabric() {
        return fabric.links();
    }

    /// Every link of ours, wherever it is: `host weft-0123456789 (weft endpoint …)`.
    List<String> ourLinks() {
        var ours = new ArrayList<String>();
        Map.of("host", links.links(), "sandbox", sandboxLinks.links(), "fabric", fabric())
                .forEach((where, there) -> there.stream()
                        .filter(ReplayHost::isOurs)
                        .map(link -> where + " " + link.name() + " (" + link.alias() + ")")
                        .forEach(ours::add));
        return ours;
    }

    /// All links with all that the kernel tells of them, wherever they are.
    List<String> everyLink() {
        var every = new ArrayList<String>();
        Map.of("host", links.links(), "sandbox", sandboxLinks.links(), "fabric", fabric())
                .forEach((where, there) -> there.forEach(link -> every.add(where + " " + link)));
        Collections.sort(every);
        return every;
    }

    private static boolean isOurs(Link link) {
        return link.name().matches("(weft-|veth-|br-)[0-9a-z]{10,12}");
    }

    private void closeNamespaces() {
        fabric.close();
        sandboxLinks.close();
        sandbox.close();
    }

    @Override
    public void close() {
        disconnect();
        closeNamespaces();
        links.close();
        namespace.close();
    }
}
