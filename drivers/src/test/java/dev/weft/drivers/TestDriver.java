package dev.weft.drivers;

import dev.weft.drivers.mode.Modes;
import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.plan.ScriptedKernel;
import dev.weft.drivers.vxlan.VxlanModes;
import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.JoinRequest;
import dev.weft.state.Registry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A driver over a registry in a folder and a scripted kernel, with one network of both families.
final class TestDriver implements AutoCloseable {
    static final String NETWORK = "5a3f0c2b9d1e4f60718293a4b5c6d7e8f90123456789abcdef0123456789abcd";
    static final EndpointKey ONE =
            new EndpointKey(NETWORK, "77e1d0c3b2a190807060504030201000ffeeddccbbaa99887766554433221100");
    static final EndpointKey OTHER =
            new EndpointKey(NETWORK, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    static final Subnet IPV4 = Subnet.parse("10.1.0.0/16");
    static final Subnet IPV6 = Subnet.parse("fd01::/64");

    final ScriptedKernel kernel = new ScriptedKernel();
    final Registry registry;
    final WeftDriver driver;

    TestDriver(Path folder) {
        this(folder, VxlanModes.alone(), Neighbors.NONE);
    }

    TestDriver(Path folder, Modes modes, Neighbors neighbors) {
        registry = Registry.open(folder);
        driver = new WeftDriver(
                registry, kernel, modes, neighbors, AddressClaims.NONE, new Random(42), () -> Instant.EPOCH);
    }

    void createNetwork() {
        driver.createNetwork(new CreateNetworkRequest(
                NETWORK,
                Map.of(),
                true,
                true,
                true,
                List.of(new IpamData("LocalDefault", IPV4, null, Map.of())),
                List.of(new IpamData("LocalDefault", IPV6, null, Map.of()))));
    }

    void create(EndpointKey key, String ipv4, String ipv6) {
        driver.createEndpoint(
                new CreateEndpointRequest(key, Cidr.parse(ipv4), Cidr.parse(ipv6), null, EndpointOptions.NONE));
    }

    void join(EndpointKey key) {
        driver.join(new JoinRequest(key, "/var/run/docker/netns/0123456789ab", EndpointOptions.NONE));
    }

    @Override
    public void close() {
        registry.close();
    }
}
