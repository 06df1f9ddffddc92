package dev.weft.cluster;

import dev.weft.engine.Ipam;
import dev.weft.engine.NetworkSpec;
import dev.weft.state.NetworkSubnet;
import dev.weft.state.SharedNetwork;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How a network of the cluster is asked for at an engine.
final class Replicas {
    private Replicas() {}

    /// Its addresses are Weft's to give, wherever they came from on the host that has created it.
    static NetworkSpec spec(SharedNetwork shared, String plugin) {
        var options = new HashMap<>(shared.options());
        options.put(SharedNetwork.OPTION, shared.id());
        options.put("com.docker.network.driver.mtu", Integer.toString(shared.mtu()));
        var pools = shared.subnets().stream()
                .map(subnet -> new Ipam.Pool(
                        subnet.subnet(),
                        null,
                        subnet.gateway() == null ? null : subnet.gateway().address(),
                        Map.of()))
                .toList();
        return new NetworkSpec(
                shared.name(),
                plugin,
                shared.internal(),
                shared.hasIpv6(),
                new Ipam(plugin, Map.of(SharedNetwork.OPTION, shared.id()), pools),
                options,
                shared.labels());
    }

    /// `10.1.0.0/24 via 10.1.0.1`, for sentences and to be compared.
    static List<String> subnets(List<NetworkSubnet> subnets) {
        return subnets.stream()
                .map(subnet -> subnet.subnet() + (subnet.gateway() == null ? "" : " with gateway " + subnet.gateway()))
                .sorted()
                .toList();
    }
}
