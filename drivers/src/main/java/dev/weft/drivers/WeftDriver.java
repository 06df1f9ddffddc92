package dev.weft.drivers;

import dev.weft.drivers.plan.Kernel;
import dev.weft.drivers.plan.LinkConflict;
import dev.weft.drivers.plan.Step;
import dev.weft.drivers.vxlan.VxlanMode;
import dev.weft.netlink.NetlinkException;
import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointRequest;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.Refusal;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.Registry;
import dev.weft.state.StateException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The driver `weft`: records what an engine asks for, then makes it so, and mends it later.
///
/// What shall exist is in the registry before the kernel is touched, and what shall no longer exist is out of it
/// before the kernel is: a crash in between is mended by [#reconcile()]. Calls of one network run one after another,
/// under a lock of its own.
public final class WeftDriver implements NetworkDriver {
    private final Registry registry;
    private final Kernel kernel;
    private final VxlanMode vxlan;
    private final RandomGenerator random;
    private final List<ReentrantLock> locks;

    /// @param random for the MAC addresses of endpoints without an IP address
    public WeftDriver(Registry registry, Kernel kernel, VxlanMode vxlan, RandomGenerator random) {
        this.registry = registry;
        this.kernel = kernel;
        this.vxlan = vxlan;
        this.random = random;
        var striped = new ArrayList<ReentrantLock>();
        for (int i = 0; i < 64; i++) {
            striped.add(new ReentrantLock());
        }
        this.locks = List.copyOf(striped);
    }

    @Override
    public void createNetwork(CreateNetworkRequest request) {
        inNetwork("create network", request.networkId(), () -> {
            var wanted = record(request);
            var known = registry.network(wanted.id()).filter(network -> sameRequest(network, wanted));
            if (known.isEmpty()) {
                registry.put(wanted);
            }
            try {
                vxlan.network(known.orElse(wanted)).applyTo(kernel);
            } catch (RuntimeException failure) {
                if (known.isEmpty()) {
                    registry.removeNetwork(wanted.id());
                }
                throw failure;
            }
            return wanted;
        });
    }

    private NetworkRecord record(CreateNetworkRequest request) {
        var mode = request.generic().getOrDefault("mode", VxlanMode.NAME);
        if (!mode.equals(VxlanMode.NAME)) {
            throw new Refusal("cannot create the network: unknown mode '" + mode + "'; known: " + VxlanMode.NAME + ".");
        }
        return vxlan.record(request);
    }

    /// Whether both came from the same request; the MTU may differ, because it follows the host's default route.
    private static boolean sameRequest(NetworkRecord one, NetworkRecord other) {
        return one.options().equals(other.options())
                && one.pools().equals(other.pools())
                && one.internal() == other.internal();
    }

    @Override
    public void deleteNetwork(String networkId) {
        inNetwork("delete network", networkId, () -> {
            var network = registry.network(networkId);
            var endpoints = registry.endpointsOf(networkId);
            registry.removeNetwork(networkId);
            network.ifPresent(known -> {
                var plan = vxlan.network(known);
                for (var endpoint : endpoints) {
                    plan = plan.then(vxlan.endpoint(known, endpoint));
                }
                plan.undoIn(kernel);
            });
            return networkId;
        });
    }

    @Override
    public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
        return inNetwork("create an endpoint in network", request.networkId(), () -> {
            known(request.networkId());
            var given = request.macAddress();
            if (given != null && given.isMulticast()) {
                throw new Refusal("MAC address " + given
                        + " names a group of stations; give one whose first byte is even, such as 02:42:0a:00:00:05");
            }
            var mac = given != null ? given : MacChoice.of(request.address(), request.addressIpv6(), random);
            var known = registry.endpoint(request.endpointId());
            var endpoint = known.filter(endpointIsFor(request))
                    .orElseGet(() -> new EndpointRecord(
                            request.endpointId(),
                            request.networkId(),
                            request.address(),
                            request.addressIpv6(),
                            mac,
                            null));
            registry.put(endpoint);
            return given != null ? CreateEndpointReply.EMPTY : CreateEndpointReply.of(endpoint.mac());
        });
    }
}
