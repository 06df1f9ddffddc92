package dev.weft.drivers.lan;

import static java.util.stream.Collectors.joining;

import dev.weft.drivers.lan.LanOptions.VlanName;
import dev.weft.drivers.mode.LinkNames;
import dev.weft.drivers.mode.Mode;
import dev.weft.drivers.mode.NetworkOptions;
import dev.weft.drivers.mode.Presence;
import dev.weft.drivers.neighbors.Probe;
import dev.weft.drivers.options.Option;
import dev.weft.drivers.options.OptionReader;
import dev.weft.drivers.plan.Plan;
import dev.weft.drivers.plan.Step;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.netlink.Link;
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
import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Networks of mode macvlan, or of mode ipvlan: each endpoint is a link on a parent of the host's, which the engine
/// moves into the sandbox. Nothing of it stays with the host but the routes of one that has access.
public final class LanMode implements Mode {
    /// The options that other modes do not have.
    public static final List<Option> OPTIONS = LanOptions.OWN;

    /// The option that names the link of the host's on whose LAN a network is.
    public static final String PARENT = LanOptions.PARENT.name();

    private static final Subnet DEFAULT_IPV4 = Subnet.parse("0.0.0.0/0");
    private static final Subnet DEFAULT_IPV6 = Subnet.parse("::/0");

    private final LanKind kind;
    private final HostLinks links;

    /// @param host the host's own network namespace, in which parents are
    public LanMode(LanKind kind, Netlink host) {
        this(kind, HostLinks.of(host));
    }

    LanMode(LanKind kind, HostLinks links) {
        this.kind = kind;
        this.links = links;
    }

    @Override
    public String name() {
        return kind.modeName();
    }

    private LanOptions options(NetworkRecord network) {
        return LanOptions.recorded(network.options(), kind);
    }

    @Override
    public NetworkRecord record(CreateNetworkRequest request) {
        var pools = Stream.concat(request.ipv4Data().stream(), request.ipv6Data().stream())
                .toList();
        var subnets = pools.stream().map(IpamData::pool).toList();
        var options = LanOptions.parse(request.generic(), kind, subnets, links);
        if (options.hostAccess()) {
            checkHostAddresses(pools);
        }
        return new NetworkRecord(
                request.networkId(),
                null,
                name(),
                options.mtu() == 0
                        ? parentMtu(options.parent(), link -> links.link(link).map(Link::mtu))
                        : options.mtu(),
                request.internal(),
                pools.stream().map(pool -> subnet(pool, options.hostAccess())).toList(),
                request.generic());
    }

    /// What links have where no MTU is given, in bytes.
    ///
    /// @param parent a link, or a VLAN that need not be there; empty for none
    /// @param mtus   of the host's links, by name
    public static int parentMtu(String parent, Function<String, Optional<Integer>> mtus) {
        if (parent.isEmpty()) {
            return LanOptions.ETHERNET_MTU;
        }
        return mtus.apply(parent)
                .or(() -> VlanName.of(parent).map(VlanName::parent).flatMap(mtus))
                .orElse(LanOptions.ETHERNET_MTU);
    }

    private static NetworkSubnet subnet(IpamData pool, boolean hostAccess) {
        return new NetworkSubnet(
                pool.pool(), pool.gateway(), pool.addressSpace(), hostAccess ? hostAddress(pool) : null);
    }

    private static @Nullable Cidr hostAddress(IpamData pool) {
        var addresses = new TreeMap<String, InetAddress>();
        pool.auxAddresses().forEach((name, aside) -> addresses.put(name, aside.address()));
        return setAside(pool.pool(), addresses);
    }

    /// One that was set aside with `--aux-address host=…`; with several subnets `host6`, `host2` and so on.
    private static @Nullable Cidr setAside(Subnet subnet, Map<String, InetAddress> addresses) {
        return new TreeMap<>(addresses)
                .entrySet().stream()
                        .filter(aside -> aside.getKey().matches("host[0-9]*"))
                        .findFirst()
                        .map(aside -> new Cidr(aside.getValue(), subnet.prefixLength()))
                        .orElse(null);
    }

    /// The host's own address in a subnet of a network with those options, as its record has it; null if the host has
    /// none.
    ///
    /// @param aside the addresses that were set aside in that subnet, by name
    public static @Nullable Cidr hostAddress(
            Map<String, String> options, Subnet subnet, Map<String, InetAddress> aside) {
        boolean isOnLan = LanKind.ofMode(options.getOrDefault(NetworkOptions.MODE.name(), ""))
                .isPresent();
        return isOnLan && NetworkOptions.hasHostAccess(options) ? setAside(subnet, aside) : null;
    }

    private static void checkHostAddresses(List<IpamData> pools) {
        var without = pools.stream().filter(pool -> hostAddress(pool) == null).toList();
        if (pools.isEmpty() || !without.isEmpty()) {
            throw new Refusal("cannot create the network: with 'host_access' the host needs an address of its own in "
                    + (pools.isEmpty()
                            ? "a subnet of it, and it has none; give a --subnet."
                            : without.stream()
                                            .map(pool -> pool.pool().toString())
                                            .collect(joining(" and in "))
                                    + ", which nobody else has: set one aside with --aux-address host=ADDRESS"
                                    + " (host6=ADDRESS for a second subnet)."));
        }
    }

    /// A parent can have one kind of links only, and ipvlan links one mode only, which is the parent's.
    @Override
    public void checkBeside(NetworkRecord network, Collection<NetworkRecord> others) {
        var own = options(network);
        if (own.parent().isEmpty()) {
            return;
        }
        for (var other : others) {
            var theirs = LanKind.ofMode(other.mode())
                    .map(otherKind -> LanOptions.recorded(other.options(), otherKind))
                    .filter(options -> options.parent().equals(own.parent()));
            if (theirs.isPresent() && !other.id().equals(network.id())) {
                own.obstacle(theirs.get()).ifPresent(obstacle -> {
                    throw new Refusal("cannot create the network: parent " + own.parent() + " is that of network "
                            + other.title() + ", which " + obstacle + "; give another 'parent'.");
                });
            }
        }
    }

    @Override
    public Optional<String> remark(NetworkRecord network) {
        return Optional.empty();
    }

    /// As Docker's own drivers have it: no gateway where packets go nowhere, or are routed without one.
    @Override
    public GatewayAllocCheckReply gatewayCheck(GatewayAllocCheckRequest request) {
        var options = LanOptions.recorded(request.options(), kind);
        boolean skip = request.internal() || options.parent().isEmpty() || LanKind.isRouted(options.kind());
        return new GatewayAllocCheckReply(skip, skip);
    }

    @Override
    public void checkEndpoint(Map<String, String> options) {
        interfaceName(options);
    }

    private static @Nullable String interfaceName(Map<String, String> options) {
        var reader = new OptionReader(options, List.of(NetworkOptions.INTERFACE_NAME));
        var name = NetworkOptions.interfaceName(reader);
        reader.check("cannot connect the container");
        return name;
    }

    /// The engine publishes ports with docker_gwbridge only, which such a container does not have.
    @Override
    public Optional<String> remark(NetworkRecord network, EndpointOptions options) {
        return options.portBindings().isEmpty()
                ? Optional.empty()
                : Optional.of("network " + network.title() + " is of mode " + name()
                        + ", where -p publishes nothing: every port of a container is open at its own address");
    }

    @Override
    public Optional<MacAddress> sharedMac(NetworkRecord network) {
        return macBearer(network)
                .map(parent -> links.link(parent)
                        .map(Link::address)
                        .orElseThrow(() -> new Refusal("cannot connect the container: link " + parent
                                + " is not on this host, and network " + network.title() + " stands on it.")));
    }

    /// The link of the host's whose MAC address all endpoints of the network have; empty where each has one of its own.
    public static Optional<String> macBearer(NetworkRecord network) {
        return LanKind.ofMode(network.mode())
                .filter(kind -> !kind.hasOwnMacs())
                .map(kind -> parent(network, LanOptions.recorded(network.options(), kind)));
    }

    /// Routed links know no neighbors, and behind one in mode passthru the parent hears nothing.
    @Override
    public Optional<Presence> presence(NetworkRecord network) {
        var options = options(network);
        if (options.parent().isEmpty() || LanKind.isRouted(options.kind())) {
            return Optional.empty();
        }
        return Optional.of(new Presence(
                options.parent(), options.isPassthru() ? Probe.OFF : options.probe(), options.announcements()));
    }

    private String parent(NetworkRecord network) {
        return parent(network, options(network));
    }

    private static String parent(NetworkRecord network, LanOptions options) {
        return options.parent().isEmpty() ? "wdum-" + LinkNames.start(network.id(), 10) : options.parent();
    }

    @Override
    public Plan network(NetworkRecord network) {
        return parentPart(network).then(hostAccess(network));
    }

    private Plan parentPart(NetworkRecord network) {
        var parent = parent(network);
        if (options(network).parent().isEmpty()) {
            return Plan.of(new Step.CreateDummy(parent, LinkNames.networkAlias(network.id())));
        }
        return Plan.of(VlanName.of(parent)
                .<Step>map(vlan -> new Step.CreateVlan(parent, vlan.parent(), vlan.id(), LinkNames.vlanAlias(parent)))
                .orElseGet(() -> new Step.NeedParent(parent)));
    }

    /// The first ipvlan link gives its mode to all that are on the parent, also to those of another driver.
    /// The LAN knows where everybody is.
    @Override
    public Plan forwarding(NetworkRecord network) {
        return Plan.of();
    }

    @Override
    public Plan creation(NetworkRecord network, Collection<NetworkRecord> others) {
        boolean isFirst = others.stream()
                .filter(other -> !other.id().equals(network.id()))
                .noneMatch(other -> parentOf(other).equals(parentOf(network)));
        return parentPart(network)
                .then(isFirst ? needFreeParent(network) : Plan.of())
                .then(hostAccess(network))
                .then(Plan.of(trialLink(network)));
    }

    private Plan needFreeParent(NetworkRecord network) {
        return kind == LanKind.IPVLAN && parentOf(network).isPresent()
                ? Plan.of(new Step.NeedFreeParent(parent(network), trialName(network)))
                : Plan.of();
    }

    private static String trialName(NetworkRecord network) {
        return "wtry-" + LinkNames.start(network.id(), 10);
    }

    private Step trialLink(NetworkRecord network) {
        return link(trialName(network), network, null, LinkNames.networkAlias(network.id()));
    }

    @Override
    public Plan trial(NetworkRecord network) {
        return needFreeParent(network).then(Plan.of(trialLink(network)));
    }

    /// The one that was given; empty for networks without, also of other modes.
    private static Optional<String> parentOf(NetworkRecord network) {
        return LanKind.ofMode(network.mode())
                .map(kind -> LanOptions.recorded(network.options(), kind).parent())
                .filter(parent -> !parent.isEmpty());
    }

    private Plan hostAccess(NetworkRecord network) {
        var options = options(network);
        if (!options.hostAccess()) {
            return Plan.of();
        }
        var link = LinkNames.hostEnd(network.id());
        var alias = LinkNames.hostAlias(network.id());
        var addresses = network.subnets().stream()
                .map(NetworkSubnet::hostAddress)
                .filter(Objects::nonNull)
                .map(address -> alone(address.address()))
                .toList();
        return Plan.of(
                new Step.CreateLanLink(link, parent(network), options.kind(), null, options.mtu(), alias),
                new Step.AddressHostEnd(link, null, options.mtu(), addresses, alias));
    }

    private static Cidr alone(InetAddress address) {
        return new Cidr(address, address.getAddress().length * Byte.SIZE);
    }

    private Step.CreateLanLink link(String name, NetworkRecord network, @Nullable MacAddress mac, String alias) {
        var options = options(network);
        return new Step.CreateLanLink(name, parent(network), options.kind(), mac, options.mtu(), alias);
    }

    private Step.CreateLanLink link(NetworkRecord network, EndpointRecord endpoint) {
        return link(
                LinkNames.containerEnd(endpoint.id()),
                network,
                kind.hasOwnMacs() ? endpoint.mac() : null,
                LinkNames.endpointAlias(endpoint.id()));
    }

    @Override
    public Plan endpoint(NetworkRecord network, EndpointRecord endpoint) {
        return Plan.of(link(network, endpoint)).then(routesFromHost(network, endpoint));
    }

    private Plan routesFromHost(NetworkRecord network, EndpointRecord endpoint) {
        if (!options(network).hostAccess()) {
            return Plan.of();
        }
        return new Plan(endpoint.addresses().stream()
                .<Step>map(address -> new Step.RouteFromHost(LinkNames.hostEnd(network.id()), address))
                .toList());
    }

    @Override
    public Plan attachment(NetworkRecord network, EndpointRecord endpoint) {
        var sandbox = endpoint.sandbox();
        if (sandbox == null) {
            return Plan.of();
        }
        return Plan.of(new Step.Restore(
                        link(network, endpoint),
                        sandbox,
                        Objects.requireNonNullElse(endpoint.interfaceName(), ""),
                        Stream.of(endpoint.ipv4(), endpoint.ipv6())
                                .filter(Objects::nonNull)
                                .toList(),
                        defaultRoutes(network, endpoint)))
                .then(routesFromHost(network, endpoint));
    }

    @Override
    public Plan restoration(NetworkRecord network, EndpointRecord endpoint) {
        return attachment(network, endpoint);
    }

    @Override
    public Plan traces(NetworkRecord network, EndpointRecord endpoint) {
        return Plan.of(link(network, endpoint))
                .then(attachment(network, endpoint))
                .then(routesFromHost(network, endpoint));
    }

    /// Those that the engine makes of the reply.
    private List<StaticRoute> defaultRoutes(NetworkRecord network, EndpointRecord endpoint) {
        if (leadsNowhere(network)) {
            return List.of();
        }
        if (LanKind.isRouted(options(network).kind())) {
            return directDefaultRoutes(endpoint);
        }
        return endpoint.addresses().stream()
                .flatMap(address -> gateway(network, address).stream())
                .map(gateway ->
                        new StaticRoute(gateway.getAddress().length == 4 ? DEFAULT_IPV4 : DEFAULT_IPV6, gateway))
                .toList();
    }

    private static List<StaticRoute> directDefaultRoutes(EndpointRecord endpoint) {
        return Stream.of(
                        endpoint.ipv4() == null ? null : new StaticRoute(DEFAULT_IPV4, null),
                        endpoint.ipv6() == null ? null : new StaticRoute(DEFAULT_IPV6, null))
                .filter(Objects::nonNull)
                .toList();
    }

    /// Whether no packet leaves the network.
    private boolean leadsNowhere(NetworkRecord network) {
        return network.internal() || options(network).parent().isEmpty();
    }

    /// That of the subnet in which the address lies, the smallest one.
    private static Optional<InetAddress> gateway(NetworkRecord network, InetAddress address) {
        return network.subnets().stream()
                .filter(subnet -> subnet.gateway() != null && subnet.subnet().contains(address))
                .max(Comparator.comparingInt(subnet -> subnet.subnet().prefixLength()))
                .map(NetworkSubnet::gateway)
                .map(Cidr::address);
    }

    /// No docker_gwbridge: the way out is the LAN, and ports need no publishing there.
    @Override
    public JoinReply reply(NetworkRecord network, EndpointRecord endpoint) {
        var reply = JoinReply.link(LinkNames.containerEnd(endpoint.id())).withoutGatewayService();
        var name = interfaceName(endpoint.options());
        if (name != null) {
            reply = reply.withName(name);
        }
        if (leadsNowhere(network)) {
            return reply;
        }
        if (LanKind.isRouted(options(network).kind())) {
            for (var route : directDefaultRoutes(endpoint)) {
                reply = reply.withRoute(route);
            }
            return reply;
        }
        for (var address : endpoint.addresses()) {
            reply = reply.withGateway(gateway(network, address).orElse(null));
        }
        return reply;
    }

    @Override
    public Map<String, Object> operInfo(EndpointRecord endpoint) {
        return Map.of("weft.mode", name());
    }
}
