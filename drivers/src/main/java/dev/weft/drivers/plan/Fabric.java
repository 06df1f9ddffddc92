package dev.weft.drivers.plan;

import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The network namespace in which Weft's bridges and ports live, out of reach of the host's firewall rules.
///
/// It is pinned under `/run/netns` and outlives the agent; `ip netns exec NAME` enters it. One agent at a time holds
/// it.
public final class Fabric implements AutoCloseable {
    /// Settings under `/proc/sys/net` of this namespace alone. Its links are switches that carry others' packets:
    /// they need no IPv6 addresses of their own, and no detour through iptables (the files of br_netfilter are
    /// there only while it is loaded).
    private static final Map<String, String> SETTINGS = Map.of(
            "ipv6/conf/all/disable_ipv6", "1",
            "ipv6/conf/default/disable_ipv6", "1",
            "bridge/bridge-nf-call-iptables", "0",
            "bridge/bridge-nf-call-ip6tables", "0",
            "bridge/bridge-nf-call-arptables", "0");

    private final String name;
    private final FabricClaim claim;
    private final NetworkNamespace namespace;

    private Fabric(String name, FabricClaim claim, NetworkNamespace namespace) {
        this.name = name;
        this.claim = claim;
        this.namespace = namespace;
    }

    /// Opens the namespace of that name, making it if there is none.
    ///
    /// @throws FabricInUse   if another agent holds it, or if it is the host's own
    /// @throws FabricMissing if there is none, and one that is made here would not last
    public static Fabric open(String name) {
        var claim = FabricClaim.take(name);
        try {
            if (isLost(name)) {
                throw new FabricMissing("there is no network namespace " + name + ", and the agent can make none that"
                        + " lasts from inside the sandbox of its service. Run 'weft fabric'.");
            }
            var namespace = refuseHosts(NetworkNamespace.pin(name), name);
            var fabric = new Fabric(name, claim, namespace);
            claim.tell(namespace);
            fabric.settle();
            return fabric;
        } catch (RuntimeException failure) {
            claim.close();
            throw failure;
        }
    }

    private static NetworkNamespace refuseHosts(NetworkNamespace namespace, String name) {
        try (var host = NetworkNamespace.current()) {
            if (namespace.sameAs(host)) {
                namespace.close();
                throw new FabricInUse("/run/netns/" + name + " is the host's own network namespace, which Weft"
                        + " leaves alone. Give the agent another --fabric.");
            }
            return namespace;
        }
    }

    /// It is not pinned, and cannot be pinned from here.
    private static boolean isLost(String name) {
        return !NetworkNamespace.exists(name) && NetworkNamespace.pinsStayHere();
    }

    /// What [#ensure] came to.
    public enum Pin {
        /// It was there.
        KEPT,
        /// An agent holds it, and its pin had been taken away.
        RESTORED,
        /// It is a new one.
        MADE
    }

    /// Makes sure that the namespace is there and pinned, also for an agent that cannot do that itself, because what it
    /// pins in its sandbox stays there. Needs to run outside; holds nothing.
    ///
    /// @throws FabricInUse   if another namespace than the agent's is pinned there, or the host's own
    /// @throws FabricMissing if this is no place from which it could be pinned
    public static Pin ensure(String name) {
        if (NetworkNamespace.pinsStayHere() && !isHostsMountNamespace()) {
            throw new FabricMissing("what is pinned in this mount namespace stays in it. Run it in the host's:"
                    + " nsenter --target 1 --mount weft fabric");
        }
        boolean there = NetworkNamespace.exists(name);
        var held = FabricClaim.held(name);
        if (held.isPresent()) {
            try (var namespace = refuseHosts(held.get(), name)) {
                if (!namespace.pinAs(name)) {
                    throw new FabricInUse(another(name) + ", then run 'weft fabric' again.");
                }
            }
            return there ? Pin.KEPT : Pin.RESTORED;
        }
        refuseHosts(NetworkNamespace.pin(name), name).close();
        return there ? Pin.KEPT : Pin.MADE;
    }

    private static boolean isHostsMountNamespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/1/ns/mnt"))
                    .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")));
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "cannot tell whether this is the host's mount namespace: " + failure, failure);
        }
    }

    private static String another(String name) {
        return "/run/netns/" + name + " is another network namespace than the one with Weft's bridges;"
                + " containers lose their networks when the agent stops. Remove it: ip netns del " + name;
    }

    public NetworkNamespace namespace() {
        return namespace;
    }

    /// Pins the namespace again where a person has taken the pin away, and sets what a module that was loaded later,
    /// or a person, has set otherwise.
    ///
    /// @return what could not be mended, as sentences
    public List<String> settle() {
        var problems = new ArrayList<String>();
        try {
            if (isLost(name)) {
                problems.add("/run/netns/" + name + " is gone, and the agent cannot bring it back from inside the"
                        + " sandbox of its service; containers lose their networks when the agent stops."
                        + " Run 'weft fabric'");
            } else if (!namespace.pinAs(name)) {
                problems.add(another(name));
            }
        } catch (NetlinkException failure) {
            problems.add(String.valueOf(failure.getMessage()));
        }
        namespace.call(() -> {
            SETTINGS.forEach((setting, value) -> set(Path.of("/proc/sys/net", setting), value, problems));
            return problems;
        });
        return problems;
    }

    private static void set(Path file, String value, List<String> problems) {
        try {
            if (Files.exists(file) && !Files.readString(file).strip().equals(value)) {
                Files.writeString(file, value);
            }
        } catch (IOException failure) {
            problems.add("cannot write " + value + " to " + file + ": " + failure.getMessage());
        }
    }

    /// Leaves the namespace to the next agent, with all that is in it.
    @Override
    public void close() {
        claim.close(); // before the descriptor that it tells of is another's
        namespace.close();
    }
}
