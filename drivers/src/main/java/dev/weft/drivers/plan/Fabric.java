package dev.weft.drivers.plan;

import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The network namespace in which Weft's bridges and ports live, out of reach of the host's firewall rules.
///
/// It is pinned under `/run/netns` and outlives the agent; `ip netns exec NAME` enters it. One agent at a time holds
/// it.
public final class Fabric implements AutoCloseable {
    private static final Path CLAIMS = Path.of("/run/weft");

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
    private final FileChannel claim;
    private final NetworkNamespace namespace;

    private Fabric(String name, FileChannel claim, NetworkNamespace namespace) {
        this.name = name;
        this.claim = claim;
        this.namespace = namespace;
    }

    /// Opens the namespace of that name, making it if there is none.
    ///
    /// @throws FabricInUse if another agent holds it, or if it is the host's own
    public static Fabric open(String name) {
        var claim = claim(name);
        try {
            var namespace = NetworkNamespace.pin(name);
            try (var host = NetworkNamespace.current()) {
                if (namespace.sameAs(host)) {
                    namespace.close();
                    throw new FabricInUse("/run/netns/" + name + " is the host's own network namespace, which Weft"
                            + " leaves alone. Give the agent another --fabric.");
                }
            }
            var fabric = new Fabric(name, claim, namespace);
            fabric.settle();
            return fabric;
        } catch (RuntimeException failure) {
            close(claim);
            throw failure;
        }
    }

    /// A record lock (fcntl(2)), which ends with this process however it ends.
    private static FileChannel claim(String name) {
        try {
            Files.createDirectories(CLAIMS);
            var file = FileChannel.open(
                    CLAIMS.resolve("fabric-" + name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (file.tryLock() != null) {
                return file;
            }
            file.close();
            throw new FabricInUse("network namespace " + name + " is in the hands of another agent. Stop that one, or"
                    + " give this one another --fabric.");
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot claim network namespace " + name + ": " + failure, failure);
        }
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
            if (!namespace.pinAs(name)) {
                problems.add("/run/netns/" + name + " is another network namespace than the one with Weft's bridges;"
                        + " containers lose their networks when the agent stops. Remove it: ip netns del " + name);
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
        namespace.close();
        close(claim);
    }

    private static void close(FileChannel claim) {
        try {
            claim.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
