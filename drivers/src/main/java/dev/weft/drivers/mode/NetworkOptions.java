package dev.weft.drivers.mode;

import static dev.weft.drivers.options.Option.Place.ENDPOINT;
import static dev.weft.drivers.options.Option.Place.NETWORK;

import dev.weft.drivers.options.Option;
import dev.weft.drivers.options.OptionReader;
import dev.weft.netlink.LinkName;
import dev.weft.state.NetworkRecord;
import dev.weft.state.SharedNetwork;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Options that more than one mode has.
public final class NetworkOptions {
    public static final String SINCE = "0.1";

    public static final Option MODE =
            new Option("mode", Set.of(NETWORK), "vxlan, macvlan or ipvlan", "vxlan", "-", "all", SINCE);

    public static final Option MTU = new Option(
            "com.docker.network.driver.mtu",
            Set.of(NETWORK),
            "number",
            "vxlan: the default route's MTU less 50 (70 over IPv6); macvlan, ipvlan: the parent's",
            "bytes inside the network",
            "all",
            SINCE);

    /// Weft gives it to the networks that it makes itself, on each host, for those of the cluster.
    public static final Option SHARED = new Option(
            SharedNetwork.OPTION,
            Set.of(NETWORK),
            "id",
            "none",
            "of the cluster's network (Weft gives it)",
            "all",
            SINCE);

    /// Whether the other hosts of a cluster have the network too.
    public static final Option SCOPE =
            new Option("scope", Set.of(NETWORK), "cluster or host", "cluster", "-", "all", SINCE);

    public static final Option HOST_ACCESS =
            new Option("host_access", Set.of(NETWORK), "true or false", "false", "-", "all", SINCE);

    /// Engine 28 knows the option too, and tells the name to its own drivers only.
    public static final Option INTERFACE_NAME = new Option(
            "com.docker.network.endpoint.ifname",
            Set.of(ENDPOINT),
            "name",
            "eth0 or the next free",
            "1 to 15 bytes",
            "all",
            SINCE);

    /// Below this an IPv4 host need not forward (RFC 791, section 3.2).
    private static final int SMALLEST_IPV4 = 68;

    /// Below this there is no IPv6 (RFC 8200, section 5).
    private static final int SMALLEST_IPV6 = 1280;

    private NetworkOptions() {}

    /// Whether the host has an address in the network.
    public static boolean hasHostAccess(NetworkRecord network) {
        return hasHostAccess(network.options());
    }

    /// @param options of a network that was made
    public static boolean hasHostAccess(Map<String, String> options) {
        return "true".equals(options.get(HOST_ACCESS.name()));
    }

    /// The smallest MTU that a network can have, in bytes.
    public static int smallestMtu(boolean ipv6) {
        return ipv6 ? SMALLEST_IPV6 : SMALLEST_IPV4;
    }

    /// Reads what concerns the cluster, for its mistakes.
    public static void checkSharing(OptionReader reader) {
        reader.value(SCOPE, text -> switch (text) {
            case "cluster", "host" -> text;
            default -> throw new IllegalArgumentException("give cluster or host");
        });
        reader.value(SHARED, text -> {
            if (!text.matches("[0-9a-f]{16}")) {
                throw new IllegalArgumentException("it is Weft's own to give; leave it out");
            }
            return text;
        });
    }

    /// The name that an endpoint's link shall have in the container; null where none was given, or it is a mistake.
    public static @Nullable String interfaceName(OptionReader reader) {
        return reader.value(INTERFACE_NAME, text -> {
            LinkName.problem(text).ifPresent(problem -> {
                throw new IllegalArgumentException(problem);
            });
            return text;
        });
    }
}
