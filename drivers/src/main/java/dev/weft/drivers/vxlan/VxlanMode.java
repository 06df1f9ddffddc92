package dev.weft.drivers.vxlan;

import dev.weft.drivers.plan.Plan;
import dev.weft.drivers.plan.Step;
import dev.weft.netlink.Netlink;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.JoinReply;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Decides what a vxlan network and its endpoints are made of; changes nothing itself.
///
/// A host without peers has no VXLAN device: there is nobody to send to, and nobody whose frames it may accept.
public final class VxlanMode {
    /// Value of `-o mode=`, and what a network gets that names no mode.
    public static final String NAME = "vxlan";

    private final Supplier<Underlay> underlay;

    /// @param host the host's own network namespace, in which the default route is looked up
    public VxlanMode(Netlink host) {
        this(() -> Underlay.of(host));
    }

    VxlanMode(Supplier<Underlay> underlay) {
        this.underlay = underlay;
    }

    /// Checks the request and turns it into the record of the network.
    ///
    /// @throws dev.weft.plugin.Refusal naming every mistake in the options
    public NetworkRecord record(CreateNetworkRequest request) {
        var options = VxlanOptions.parse(request.generic(), !request.ipv6Data().isEmpty(), underlay.get());
        return new NetworkRecord(
                request.networkId(),
                null,
                NAME,
                options.mtu(),
                request.internal(),
                subnets(request),
                request.generic());
    }

    private static List<NetworkSubnet> subnets(CreateNetworkRequest request) {
        return Stream.concat(request.ipv4Data().stream(), request.ipv6Data().stream())
                .map((IpamData data) -> new NetworkSubnet(data.pool(), data.gateway(), data.addressSpace()))
                .toList();
    }

    /// The network's part: on this host as long as the network is recorded.
    public Plan network(NetworkRecord network) {
        return Plan.of(new Step.CreateBridge(bridge(network.id()), network.mtu(), networkAlias(network.id())));
    }

    /// What a Join makes beside the network's part.
    public Plan endpoint(NetworkRecord network, EndpointRecord endpoint) {
        var create = new Step.CreateVeth(
                port(endpoint.id()),
                containerEnd(endpoint.id()),
                endpoint.mac(),
                network.mtu(),
                endpointAlias(endpoint.id()));
        return Plan.of(create).then(attachment(network, endpoint));
    }

    /// What stays ours of a joined endpoint when the engine has moved the container's end into its sandbox.
    public Plan attachment(NetworkRecord network, EndpointRecord endpoint) {
        return Plan.of(new Step.AttachPort(
                port(endpoint.id()), bridge(network.id()), network.mtu(), endpointAlias(endpoint.id())));
    }

    /// Tells the engine which link to move. No gateway: the engine then adds docker_gwbridge, for egress and published
    /// ports, unless the network is internal.
    public JoinReply reply(EndpointRecord endpoint) {
        return JoinReply.link(containerEnd(endpoint.id()));
    }

    static String bridge(String networkId) {
        return "br-" + start(networkId, 12);
    }

    public static String port(String endpointId) {
        return "veth-" + start(endpointId, 10);
    }

    /// The name that the container's end has until the engine moves it.
    public static String containerEnd(String endpointId) {
        return "weft-" + start(endpointId, 10);
    }

    public static String networkAlias(String networkId) {
        return "weft network " + networkId;
    }

    public static String endpointAlias(String endpointId) {
        return "weft endpoint " + endpointId;
    }

    /// Names of links have 15 bytes at most (`IFNAMSIZ`, linux/if.h); the alias has the whole id.
    private static String start(String id, int length) {
        return id.substring(0, Math.min(length, id.length()));
    }
}
