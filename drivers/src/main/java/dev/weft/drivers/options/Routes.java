package dev.weft.drivers.options;

import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.plugin.StaticRoute;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Routes for containers as one option has them: `10.9.0.0/16 via 10.1.0.5, fd09::/64 via fd00::5`.
public final class Routes {
    private Routes() {}

    /// @throws IllegalArgumentException saying what a route looks like
    static List<StaticRoute> parse(String text) {
        return Stream.of(text.split(",", -1)).map(Routes::route).toList();
    }

    private static StaticRoute route(String text) {
        var words = text.strip().split("\\s+via\\s+", -1);
        if (words.length != 2) {
            throw malformed();
        }
        Subnet destination;
        InetAddress nextHop;
        try {
            destination = Subnet.parse(words[0]);
            nextHop = Cidr.parse(words[1] + (words[1].indexOf(':') < 0 ? "/32" : "/128"))
                    .address();
        } catch (IllegalArgumentException notAddresses) {
            throw new IllegalArgumentException(malformed().getMessage(), notAddresses);
        }
        if (destination.prefixLength() == 0) {
            throw new IllegalArgumentException("the default route is the engine's, by docker_gwbridge; name a subnet");
        }
        if (destination.isIpv4() != (nextHop.getAddress().length == 4)) {
            throw new IllegalArgumentException("the way to " + destination + " must be an address of its own family");
        }
        return new StaticRoute(destination, nextHop);
    }

    /// What keeps these routes from working in a network of these subnets; empty if nothing does.
    public static Optional<String> problem(List<StaticRoute> routes, List<Subnet> subnets) {
        for (var route : routes) {
            var nextHop = route.nextHop();
            if (nextHop == null || subnets.stream().noneMatch(subnet -> subnet.contains(nextHop))) {
                return Optional.of("the way to " + route.destination()
                        + " must be an address of the network, which has " + subnets);
            }
            if (subnets.stream().anyMatch(route.destination()::overlaps)) {
                return Optional.of(route.destination() + " overlaps the network itself; name another subnet");
            }
        }
        return Optional.empty();
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException(
                "give routes as SUBNET via ADDRESS, with commas between them, such as '10.9.0.0/16 via 10.1.0.5'");
    }
}
