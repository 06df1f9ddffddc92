package dev.weft.drivers.plan;

import dev.weft.netlink.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The network namespace in which Weft's bridges and ports live, out of reach of the host's firewall rules.
///
/// It is pinned under `/run/netns` and outlives the agent; `ip netns exec NAME` enters it.
public final class Fabric {
    /// Settings under `/proc/sys/net` of this namespace alone. Its links are switches that carry others' packets:
    /// they need no IPv6 addresses of their own, and no detour through iptables (the files of br_netfilter are
    /// there only while it is loaded).
    private static final Map<String, String> SETTINGS = Map.of(
            "ipv6/conf/all/disable_ipv6", "1",
            "ipv6/conf/default/disable_ipv6", "1",
            "bridge/bridge-nf-call-iptables", "0",
            "bridge/bridge-nf-call-ip6tables", "0",
            "bridge/bridge-nf-call-arptables", "0");

    private Fabric() {}

    /// Opens the namespace of that name, making it if there is none.
    public static NetworkNamespace open(String name) {
        var namespace = NetworkNamespace.pin(name);
        settle(namespace);
        return namespace;
    }

    /// Sets what a module that was loaded later, or a person, may have set otherwise.
    ///
    /// @return settings that could not be made, as sentences
    public static List<String> settle(NetworkNamespace namespace) {
        return namespace.call(() -> SETTINGS.entrySet().stream()
                .flatMap(setting -> set(Path.of("/proc/sys/net", setting.getKey()), setting.getValue()).stream())
                .toList());
    }

    private static List<String> set(Path file, String value) {
        try {
            if (Files.exists(file) && !Files.readString(file).strip().equals(value)) {
                Files.writeString(file, value);
            }
            return List.of();
        } catch (IOException failure) {
            return List.of("cannot write " + value + " to " + file + ": " + failure.getMessage());
        }
    }
}
