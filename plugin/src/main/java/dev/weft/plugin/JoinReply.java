package dev.weft.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How the sandbox is to be wired.
///
/// Without a gateway, and unless the network is internal or [#disableGatewayService] is set, the engine adds a second
/// interface on `docker_gwbridge` with the default route, and publishes ports there itself.
///
/// @param sourceName  the link's name in the engine's network namespace; null: no interface from this driver
/// @param namePrefix  `eth` makes it eth0, eth1, … in the sandbox
/// @param name        its whole name in the sandbox, in place of a prefix with a number; null for none. Engines to 28.5
///                    ignore it
/// @param gateway     must lie in a subnet of the endpoint, or the start fails with "network is unreachable"
/// @param gatewayIpv6 likewise
/// @param staticRoutes of both families, set after the addresses
/// @param disableGatewayService no `docker_gwbridge`, see [#withoutGatewayService]
public record JoinReply(
        @Nullable String sourceName,
        String namePrefix,
        @Nullable String name,
        @Nullable InetAddress gateway,
        @Nullable InetAddress gatewayIpv6,
        List<StaticRoute> staticRoutes,
        boolean disableGatewayService) {
    /// IFNAMSIZ of linux/if.h, less the zero at the end.
    private static final int LONGEST_NAME = 15;

    public JoinReply {
        staticRoutes = List.copyOf(staticRoutes);
    }

    /// The link of that name becomes eth0 or the next free; no gateway.
    ///
    /// @throws IllegalArgumentException if no link can have that name
    public static JoinReply link(String sourceName) {
        checkName(sourceName);
        return new JoinReply(sourceName, "eth", null, null, null, List.of(), false);
    }

    private static void checkName(String name) {
        if (name.isBlank() || name.getBytes(UTF_8).length > LONGEST_NAME) {
            throw new IllegalArgumentException("no link is called '" + name + "': a name has 1 to 15 bytes");
        }
    }

    /// No interface from this driver; the engine still adds `docker_gwbridge`.
    public static JoinReply withoutLink() {
        return new JoinReply(null, "eth", null, null, null, List.of(), false);
    }

    /// The same with another name for the interface in the sandbox, to which the engine adds a number.
    ///
    /// @throws IllegalArgumentException if it is blank
    public JoinReply withNamePrefix(String prefix) {
        if (prefix.isBlank()) {
            throw new IllegalArgumentException("the interface in the sandbox needs a name, 'eth' say");
        }
        return new JoinReply(sourceName, prefix, name, gateway, gatewayIpv6, staticRoutes, disableGatewayService);
    }

    /// The same with a whole name for the interface in the sandbox.
    ///
    /// @throws IllegalArgumentException if no link can have that name
    public JoinReply withName(String whole) {
        checkName(whole);
        return new JoinReply(sourceName, namePrefix, whole, gateway, gatewayIpv6, staticRoutes, disableGatewayService);
    }

    /// Sets the gateway of the address's family; null changes nothing.
    public JoinReply withGateway(@Nullable InetAddress address) {
        if (address == null) {
            return this;
        }
        boolean ipv4 = address instanceof Inet4Address;
        return new JoinReply(
                sourceName,
                namePrefix,
                name,
                ipv4 ? address : gateway,
                ipv4 ? gatewayIpv6 : address,
                staticRoutes,
                disableGatewayService);
    }

    /// The same with one more route in the sandbox.
    public JoinReply withRoute(StaticRoute route) {
        var routes = Stream.concat(staticRoutes.stream(), Stream.of(route)).toList();
        return new JoinReply(sourceName, namePrefix, name, gateway, gatewayIpv6, routes, disableGatewayService);
    }

    /// No `docker_gwbridge`, so no default route and no published ports either.
    public JoinReply withoutGatewayService() {
        return new JoinReply(sourceName, namePrefix, name, gateway, gatewayIpv6, staticRoutes, true);
    }
}
