package dev.weft.drivers;

import static dev.weft.plugin.Refusal.quoted;
import static java.util.stream.Collectors.joining;

import dev.weft.drivers.mode.NetworkOptions;
import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.Refusal;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What must hold of an engine's request, of whatever mode the network is, before anything is recorded or made. What
/// does not hold is a [Refusal].
final class RequestCheck {
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z]{1,64}");

    /// `PATH_MAX` of linux/limits.h, less its NUL.
    private static final int PATH_LENGTH = 4095;

    /// With what the names of endpoint options begin that the engine itself acts on, such as sysctls.
    private static final String ENGINES_OWN = "com.docker.network.endpoint.";

    private RequestCheck() {}

    static void pools(CreateNetworkRequest request) {
        request.ipv4Data().forEach(data -> pool(data, true));
        request.ipv6Data().forEach(data -> pool(data, false));
    }

    private static void pool(IpamData data, boolean ipv4) {
        if (data.pool().isIpv4() != ipv4) {
            throw new Refusal("cannot create the network: pool " + data.pool() + " stands among the pools of "
                    + (ipv4 ? "IPv4" : "IPv6") + "; its IPAM driver is at fault.");
        }
        var gateway = data.gateway();
        if (gateway != null && !data.pool().contains(gateway.address())) {
            throw new Refusal("cannot create the network: gateway " + gateway + " is not in pool " + data.pool()
                    + "; give a --gateway that is.");
        }
    }

    /// Ids become part of links' names.
    static void id(String id) {
        if (!ID.matcher(id).matches()) {
            throw new Refusal(
                    quoted(id) + " is no id of a network or endpoint: those have 1 to 64 letters and digits.");
        }
    }

    /// An engine may repeat a request. The MTU may differ then, because it follows the host's default route.
    static void same(NetworkRecord known, NetworkRecord wanted) {
        var differences = new ArrayList<String>();
        addDifference(differences, "options", new TreeMap<>(known.options()), new TreeMap<>(wanted.options()));
        addDifference(differences, "pools", subnets(known), subnets(wanted));
        addDifference(differences, "gateways", gateways(known), gateways(wanted));
        addDifference(differences, "internal", known.internal(), wanted.internal());
        if (!differences.isEmpty()) {
            throw new Refusal("network " + known.id() + " exists already, and otherwise: "
                    + String.join("; ", differences) + ". Remove it first.");
        }
    }

    private static void addDifference(
            List<String> differences, String what, @Nullable Object known, @Nullable Object wanted) {
        if (!Objects.equals(known, wanted)) {
            differences.add(what + " " + quoted(Objects.toString(known, "none")) + ", not "
                    + quoted(Objects.toString(wanted, "none")));
        }
    }

    private static List<Subnet> subnets(NetworkRecord network) {
        return network.subnets().stream().map(NetworkSubnet::subnet).toList();
    }

    private static List<String> gateways(NetworkRecord network) {
        return network.subnets().stream()
                .map(pool -> Objects.toString(pool.gateway(), "none"))
                .toList();
    }

    static void same(EndpointRecord known, CreateEndpointRequest request) {
        var differences = new ArrayList<String>();
        addDifference(differences, "IPv4 address", known.ipv4(), request.address());
        addDifference(differences, "IPv6 address", known.ipv6(), request.addressIpv6());
        if (request.mac() != null) {
            addDifference(differences, "MAC address", known.mac(), request.mac());
        }
        if (!differences.isEmpty()) {
            throw new Refusal("endpoint " + known.id() + " exists already, and otherwise: "
                    + String.join("; ", differences) + ". Remove its container and start it again.");
        }
    }

    static void addresses(NetworkRecord network, CreateEndpointRequest request) {
        address(network, request.address(), true);
        address(network, request.addressIpv6(), false);
    }

    private static void address(NetworkRecord network, @Nullable Cidr address, boolean ipv4) {
        if (address == null) {
            return;
        }
        var family = ipv4 ? "IPv4" : "IPv6";
        if (address.isIpv4() != ipv4) {
            throw new Refusal("address " + address + " is given where an " + family
                    + " address belongs; the network's IPAM driver is at fault.");
        }
        if (subnets(network).stream().noneMatch(pool -> pool.contains(address.address()))) {
            throw new Refusal("address " + address + " is in no pool of network " + network.id() + ", which has "
                    + quoted(subnets(network).stream().map(Subnet::toString).collect(joining(", ")))
                    + "; give an --ip of those.");
        }
    }

    /// The `--driver-opt` pairs that are Weft's to act on.
    static Map<String, String> ownOptions(Map<String, String> driverOptions) {
        var own = new TreeMap<>(driverOptions);
        own.keySet()
                .removeIf(option ->
                        option.startsWith(ENGINES_OWN) && !option.equals(NetworkOptions.INTERFACE_NAME.name()));
        return own;
    }

    static void sandbox(String path) {
        if (!path.startsWith("/") || path.length() > PATH_LENGTH || path.indexOf('\0') >= 0) {
            throw new Refusal("sandbox " + quoted(path) + " is not the path of a network namespace, such as"
                    + " /var/run/docker/netns/0123456789ab.");
        }
    }
}
