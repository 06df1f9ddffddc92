package dev.weft.drivers.vxlan;

import static dev.weft.drivers.mode.LinkNames.containerEnd;
import static dev.weft.drivers.mode.LinkNames.endpointAlias;
import static dev.weft.drivers.mode.LinkNames.hostAlias;
import static dev.weft.drivers.mode.LinkNames.hostEnd;
import static dev.weft.drivers.mode.LinkNames.networkAlias;
import static dev.weft.drivers.mode.LinkNames.start;

import dev.weft.drivers.mode.Mode;
import dev.weft.drivers.mode.Presence;
import dev.weft.drivers.options.Option;
import dev.weft.drivers.options.Rate;
import dev.weft.drivers.plan.Plan;
import dev.weft.drivers.plan.Step;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.netlink.Netlink;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.GatewayAllocCheckReply;
import dev.weft.plugin.GatewayAllocCheckRequest;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.Refusal;
import dev.weft.plugin.StaticRoute;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import dev.weft.state.Registry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Decides what a vxlan network and its endpoints are made of; changes nothing itself.
///
/// A network of this host alone has no VXLAN device: there is nobody to send to, and nobody whose frames it may accept.
public final class VxlanMode implements Mode {
    /// Value of `-o mode=`, and what a network gets that names no mode.
    public static final String NAME = "vxlan";

    /// The options that other modes do not have.
    public static final List<Option> OPTIONS = VxlanOptions.OWN;

    private final Supplier<Underlay> underlay;
    private final BooleanSupplier ipv6Egress;
    private final Function<String, Optional<Overlay>> overlays;

    /// @param host     the host's own network namespace, in which the default route and docker_gwbridge are looked up
    /// @param registry has what is known of other hosts
    public VxlanMode(Netlink host, Registry registry) {
        this(() -> Underlay.of(host), () -> Egress.hasIpv6(host), new Peers(registry)::overlay);
    }

    /// @param overlays by the network's id on this host
    VxlanMode(Supplier<Underlay> underlay, BooleanSupplier ipv6Egress, Function<String, Optional<Overlay>> overlays) {
        this.underlay = underlay;
        this.ipv6Egress = ipv6Egress;
        this.overlays = overlays;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public NetworkRecord record(CreateNetworkRequest request) {
        var subnets = subnets(request);
        var options = VxlanOptions.parse(
                request.generic(), subnets.stream().map(NetworkSubnet::subnet).toList(), underlay.get());
        if (options.hostAccess() && subnets.stream().allMatch(subnet -> subnet.gateway() == null)) {
            throw new Refusal("cannot create the network: with 'host_access' the host has the gateway's address in it,"
                    + " and it has no gateway; give one with --subnet and --gateway.");
        }
        if (!request.internal() && hasOnlyIpv6(subnets) && !ipv6Egress.getAsBoolean()) {
            throw new Refusal(
                    "cannot create the network: it has IPv6 alone, and docker_gwbridge, by which its containers"
                            + " would leave the host, has none. Add --internal, or an IPv4 subnet, or make docker_gwbridge with"
                            + " an IPv6 subnet (docs/options.md, IPv6 egress).");
        }
        return new NetworkRecord(
                request.networkId(), null, NAME, options.mtu(), request.internal(), subnets, request.generic());
    }

    private static boolean hasOnlyIpv6(List<NetworkSubnet> subnets) {
        return !subnets.isEmpty()
                && subnets.stream().noneMatch(subnet -> subnet.subnet().isIpv4());
    }

    @Override
    public void checkBeside(NetworkRecord network, Collection<NetworkRecord> others) {
        // each has a bridge of its own
    }

    @Override
    public Optional<String> remark(NetworkRecord network) {
        boolean ipv6 =
                network.subnets().stream().anyMatch(subnet -> !subnet.subnet().isIpv4());
        return !ipv6 || network.internal() || ipv6Egress.getAsBoolean()
                ? Optional.empty()
                : Optional.of("network " + network.title()
                        + ": IPv6 stays inside, because docker_gwbridge has no IPv6 subnet");
    }

    private static List<NetworkSubnet> subnets(CreateNetworkRequest request) {
        return Stream.concat(request.ipv4Data().stream(), request.ipv6Data().stream())
                .map((IpamData data) -> new NetworkSubnet(data.pool(), data.gateway(), data.addressSpace()))
                .toList();
    }

    /// Nobody uses the address of a gateway but a host with access to the network: without it, a /31 has room for two
    /// containers.
    @Override
    public GatewayAllocCheckReply gatewayCheck(GatewayAllocCheckRequest request) {
        boolean skip = !VxlanOptions.recorded(request.options()).hostAccess();
        return new GatewayAllocCheckReply(skip, skip);
    }

    @Override
    public void checkEndpoint(Map<String, String> options) {
        VxlanEndpointOptions.parse(options);
    }

    @Override
    public Optional<String> remark(NetworkRecord network, EndpointOptions options) {
        return Optional.empty();
    }

    @Override
    public Optional<MacAddress> sharedMac(NetworkRecord network) {
        return Optional.empty();
    }

    @Override
    public Plan network(NetworkRecord network) {
        var steps = new ArrayList<Step>();
        var bridge = bridge(network.id());
        steps.add(new Step.CreateBridge(bridge, network.mtu(), networkAlias(network.id())));
        var options = VxlanOptions.recorded(network.options());
        overlays.apply(network.id())
                .map(overlay -> new Step.CreateVxlan(
                        device(network.id()),
                        bridge,
                        overlay.vni(),
                        overlay.local(),
                        overlay.port(),
                        network.mtu(),
                        options.isolated(),
                        networkAlias(network.id())))
                .ifPresent(steps::add);
        if (options.hostAccess()) {
            steps.addAll(hostAccess(network, bridge));
        }
        return new Plan(steps);
    }

    @Override
    public Plan forwarding(NetworkRecord network) {
        boolean flood = VxlanOptions.recorded(network.options()).flood();
        return overlays.apply(network.id())
                .map(overlay -> Plan.of(new Step.Forward(
                        device(network.id()),
                        bridge(network.id()),
                        overlay.stations(),
                        flood ? overlay.hosts() : List.of())))
                .orElse(Plan.of());
    }

    private static List<Step> hostAccess(NetworkRecord network, String bridge) {
        var addresses = network.subnets().stream()
                .map(NetworkSubnet::gateway)
                .filter(Objects::nonNull)
                .toList();
        var alias = hostAlias(network.id());
        var port = "vhost-" + start(network.id(), 9);
        var hostEnd = hostEnd(network.id());
        var mac = mac(addresses.getFirst());
        return List.of(
                new Step.CreateVeth(port, hostEnd, mac, network.mtu(), alias, true),
                new Step.AttachPort(port, bridge, network.mtu(), false, alias),
                new Step.AddStation(port, mac),
                new Step.AddressHostEnd(hostEnd, mac, network.mtu(), addresses, alias));
    }

    /// `02:77` and the last four bytes of the address: no container's, which begin with `02:42`.
    private static MacAddress mac(Cidr address) {
        long bits = 0x0277;
        var bytes = address.address().getAddress();
        for (int i = bytes.length - 4; i < bytes.length; i++) {
            bits = bits << Byte.SIZE | (bytes[i] & 0xff);
        }
        return new MacAddress(bits);
    }

    @Override
    public Optional<Presence> presence(NetworkRecord network) {
        return Optional.empty();
    }

    @Override
    public Plan creation(NetworkRecord network, Collection<NetworkRecord> others) {
        return network(network);
    }

    @Override
    public Plan trial(NetworkRecord network) {
        return Plan.of();
    }

    @Override
    public Plan endpoint(NetworkRecord network, EndpointRecord endpoint) {
        return Plan.of(veth(network, endpoint)).then(attachment(network, endpoint));
    }

    private static Step.CreateVeth veth(NetworkRecord network, EndpointRecord endpoint) {
        return new Step.CreateVeth(
                port(endpoint.id()),
                containerEnd(endpoint.id()),
                endpoint.mac(),
                network.mtu(),
                endpointAlias(endpoint.id()));
    }

    @Override
    public Plan attachment(NetworkRecord network, EndpointRecord endpoint) {
        var options = VxlanOptions.recorded(network.options());
        var own = VxlanEndpointOptions.parse(endpoint.options());
        var port = port(endpoint.id());
        var alias = endpointAlias(endpoint.id());
        var steps = new ArrayList<Step>();
        steps.add(new Step.AttachPort(port, bridge(network.id()), network.mtu(), options.isolated(), alias));
        steps.add(new Step.AddStation(port, endpoint.mac()));
        var ingress = own.ingressRate() == null ? options.ingressRate() : own.ingressRate();
        if (ingress != null) {
            steps.add(new Step.LimitRate(port, ingress.bitsPerSecond()));
        }
        steps.addAll(egressLimit(endpoint, own.egressRate() == null ? options.egressRate() : own.egressRate()));
        return new Plan(steps);
    }

    private static List<Step> egressLimit(EndpointRecord endpoint, @Nullable Rate rate) {
        if (rate == null) {
            return List.of();
        }
        var ifb = "wifb-" + start(endpoint.id(), 10);
        return List.of(
                new Step.CreateIfb(ifb, endpointAlias(endpoint.id())),
                new Step.LimitRate(ifb, rate.bitsPerSecond()),
                new Step.Redirect(port(endpoint.id()), ifb));
    }

    @Override
    public Plan traces(NetworkRecord network, EndpointRecord endpoint) {
        return endpoint(network, endpoint);
    }

    @Override
    public Plan restoration(NetworkRecord network, EndpointRecord endpoint) {
        var sandbox = endpoint.sandbox();
        if (sandbox == null) {
            return Plan.of();
        }
        return Plan.of(new Step.Restore(
                        veth(network, endpoint),
                        sandbox,
                        Objects.requireNonNullElse(endpoint.interfaceName(), ""),
                        Stream.of(endpoint.ipv4(), endpoint.ipv6())
                                .filter(Objects::nonNull)
                                .toList(),
                        routes(network, endpoint)))
                .then(attachment(network, endpoint));
    }

    /// Without those that lead over the endpoint itself.
    private static List<StaticRoute> routes(NetworkRecord network, EndpointRecord endpoint) {
        return VxlanOptions.recorded(network.options()).routes().stream()
                .filter(route -> route.nextHop() == null || !endpoint.has(route.nextHop()))
                .filter(route -> (route.destination().isIpv4() ? endpoint.ipv4() : endpoint.ipv6()) != null)
                .toList();
    }

    /// Tells the engine which link to move. No gateway: the engine then adds docker_gwbridge, for egress and published
    /// ports, unless the network is internal.
    @Override
    public JoinReply reply(NetworkRecord network, EndpointRecord endpoint) {
        var reply = JoinReply.link(containerEnd(endpoint.id()));
        var name = VxlanEndpointOptions.parse(endpoint.options()).interfaceName();
        if (name != null) {
            reply = reply.withName(name);
        }
        for (var route : routes(network, endpoint)) {
            reply = reply.withRoute(route);
        }
        return reply;
    }

    @Override
    public Map<String, Object> operInfo(EndpointRecord endpoint) {
        return Map.of("weft.mode", NAME, "weft.port", port(endpoint.id()));
    }

    /// The name of its bridge.
    public static String bridge(String networkId) {
        return "br-" + start(networkId, 12);
    }

    /// The name of its VXLAN device, where other hosts have the network too.
    public static String device(String networkId) {
        return "vx-" + start(networkId, 12);
    }

    public static String port(String endpointId) {
        return "veth-" + start(endpointId, 10);
    }
}
