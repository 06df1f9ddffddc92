package dev.weft.ipam;

import dev.weft.inet.AddressText;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.PoolRequest;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import dev.weft.state.Registry;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The driver over a registry of its own, which can be stopped and started; addresses and subnets are text.
final class ServedIpam implements AutoCloseable {
    private final Path folder;
    private final List<PoolRange> localRanges;
    private final List<PoolRange> globalRanges;
    final List<Subnet> routes = new ArrayList<>();
    /// Ids of networks of other drivers.
    final Set<String> otherNetworks = new HashSet<>();

    Registry registry;
    WeftIpam ipam;

    ServedIpam(Path folder) {
        this(
                folder,
                List.of(range("10.192.0.0/22", 24), range("fd00:77::/62", 64)),
                List.of(range("10.208.0.0/22", 24), range("fd00:78::/62", 64)));
    }

    /// With the same ranges in both spaces.
    ServedIpam(Path folder, String ipv4, String ipv6) {
        this(folder, List.of(range(ipv4, 24), range(ipv6, 64)), List.of(range(ipv4, 24), range(ipv6, 64)));
    }

    private static PoolRange range(String base, int prefixLength) {
        return new PoolRange(Subnet.parse(base), prefixLength);
    }

    private ServedIpam(Path folder, List<PoolRange> localRanges, List<PoolRange> globalRanges) {
        this.folder = folder;
        this.localRanges = localRanges;
        this.globalRanges = globalRanges;
        registry = Registry.open(folder);
        ipam = serve();
    }

    private WeftIpam serve() {
        return new WeftIpam(
                registry,
                localRanges,
                globalRanges,
                () -> List.copyOf(routes),
                OwnBlocks.NONE,
                otherNetworks::contains);
    }

    void restart() {
        registry.close();
        registry = Registry.open(folder);
        ipam = serve();
    }

    static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    /// `--subnet`, in the local space.
    String pool(String subnet) {
        return pool(WeftIpam.LOCAL, subnet, null);
    }

    /// The pool's id.
    String pool(String space, String subnet, @Nullable String range, String... options) {
        return request(space, Subnet.parse(subnet), range, false, options);
    }

    String chosenPool(String space, boolean ipv6, String... options) {
        return request(space, null, null, ipv6, options);
    }

    private String request(
            String space, @Nullable Subnet subnet, @Nullable String range, boolean ipv6, String... options) {
        var pairs = new HashMap<String, String>();
        for (var option : options) {
            pairs.put(option.split("=")[0], option.split("=")[1]);
        }
        return ipam.requestPool(new PoolRequest(
                        space, subnet, range == null ? null : Subnet.parse(range), Map.copyOf(pairs), ipv6))
                .poolId();
    }

    /// What the engine is answered.
    String choose(String pool) {
        return ask(pool, null, false).toString();
    }

    String name(String pool, String address) {
        return ask(pool, address(address), false).toString();
    }

    String gateway(String pool) {
        return ask(pool, null, true).toString();
    }

    String gateway(String pool, String address) {
        return ask(pool, address(address), true).toString();
    }

    Cidr ask(String pool, @Nullable InetAddress address, boolean gateway) {
        return ipam.requestAddress(new AddressRequest(pool, address, gateway, null, Map.of()));
    }

    void release(String pool, String address) {
        ipam.releaseAddress(new AddressKey(pool, address(address)));
    }

    /// Addresses on record, sorted as text, as often as they are held.
    List<String> held(String pool) {
        return registry.addressesOf(pool).stream()
                .flatMap(held -> Collections.nCopies(held.holders(), AddressText.of(held.address())).stream())
                .sorted()
                .toList();
    }

    /// A network of Weft's, whose addresses are from these pools of the local space.
    void network(String id, @Nullable String name, String... subnets) {
        registry.put(new NetworkRecord(
                id,
                name,
                "vxlan",
                1450,
                false,
                Arrays.stream(subnets)
                        .map(subnet -> new NetworkSubnet(Subnet.parse(subnet), null, WeftIpam.LOCAL))
                        .toList(),
                Map.of()));
        for (var subnet : subnets) {
            ipam.bind("weft-local/" + subnet, id);
        }
    }

    void endpoint(String id, String network, @Nullable String container, String address) {
        var endpoint = new EndpointRecord(
                id, network, Cidr.parse(address), null, MacAddress.parse("02:42:0a:00:00:05"), Map.of());
        registry.put(container == null ? endpoint : endpoint.of(container));
    }

    @Override
    public void close() {
        registry.close();
    }
}
