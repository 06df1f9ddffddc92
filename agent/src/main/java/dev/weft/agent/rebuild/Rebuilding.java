package dev.weft.agent.rebuild;

import dev.weft.drivers.WeftDriver;
import dev.weft.drivers.lan.LanMode;
import dev.weft.drivers.mode.LinkNames;
import dev.weft.drivers.mode.NetworkOptions;
import dev.weft.drivers.vxlan.VxlanMode;
import dev.weft.engine.Ipam;
import dev.weft.engine.Network;
import dev.weft.engine.NetworkDetails;
import dev.weft.engine.NetworkDetails.Attached;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.ipam.WeftIpam;
import dev.weft.netlink.Link;
import dev.weft.state.EndpointRecord;
import dev.weft.state.EngineRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import dev.weft.state.StateRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes records of what the engine and the kernel say; changes nothing itself. For one use.
final class Rebuilding {
    /// libnetwork's own words for who shares the addresses of its default IPAM driver.
    private static final String ENGINES_LOCAL = "LocalDefault";

    private static final String ENGINES_GLOBAL = "GlobalDefault";

    private final EngineFacts engine;
    private final KernelFacts kernel;
    private final List<StateRecord> records = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    Rebuilding(EngineFacts engine, KernelFacts kernel) {
        this.engine = engine;
        this.kernel = kernel;
    }

    Rebuilt result() {
        var info = engine.info();
        records.add(new EngineRecord(info.id(), info.name(), info.version()));
        engine.networks().stream()
                .sorted(Comparator.comparing(details -> details.network().name()))
                .forEach(this::add);
        return new Rebuilt(records, unknown);
    }

    private void add(NetworkDetails details) {
        var network = details.network();
        if (EngineFacts.isOurs(network)) {
            var record = new NetworkRecord(
                    network.id(),
                    network.name(),
                    mode(network),
                    mtu(network),
                    network.internal(),
                    subnets(network),
                    network.options());
            records.add(record);
            var shared = LanMode.macBearer(record).flatMap(this::hostLink).map(Link::address);
            details.endpoints().forEach(endpoint -> add(network, endpoint, shared.orElse(endpoint.mac())));
        }
        if (EngineFacts.hasOurAddresses(network)) {
            var addresses = new GivenAddresses(space(network), details, hostAddresses(network));
            records.addAll(addresses.records());
            unknown.addAll(addresses.unknown());
        }
    }

    private static String mode(Network network) {
        return network.options().getOrDefault(NetworkOptions.MODE.name(), VxlanMode.NAME);
    }

    private int mtu(Network network) {
        var bridge = kernel.bridges().get(LinkNames.networkAlias(network.id()));
        if (bridge != null) {
            return bridge;
        }
        var option = network.options().get(NetworkOptions.MTU.name());
        if (option != null && option.matches("\\d{1,6}")) {
            return Integer.parseInt(option);
        }
        if (!mode(network).equals(VxlanMode.NAME)) {
            var parent = network.options().getOrDefault(LanMode.PARENT, "");
            return LanMode.parentMtu(parent, link -> hostLink(link).map(Link::mtu));
        }
        int mtu = kernel.underlay().insideMtu();
        unknown.add("network " + network.name() + " has no bridge in the kernel, so its MTU is taken to be " + mtu
                + ", which the " + kernel.underlay() + ", leaves now.");
        return mtu;
    }

    /// IPv4 first, as engines tell them at creation.
    private List<NetworkSubnet> subnets(Network network) {
        return network.ipam().pools().stream()
                .sorted(Comparator.comparing(pool -> !pool.subnet().isIpv4()))
                .map(pool -> new NetworkSubnet(
                        pool.subnet(),
                        gateway(network, pool),
                        space(network),
                        LanMode.hostAddress(network.options(), pool.subnet(), pool.auxiliaryAddresses())))
                .toList();
    }

    private @Nullable Cidr gateway(Network network, Ipam.Pool pool) {
        var told = pool.gateway();
        if (told != null) {
            return new Cidr(told, pool.subnet().prefixLength());
        }
        if (!mode(network).equals(VxlanMode.NAME)) {
            return null;
        }
        return hostAddresses(network).stream()
                .filter(cidr -> pool.subnet().contains(cidr.address()))
                .findFirst()
                .orElse(null);
    }

    private List<Cidr> hostAddresses(Network network) {
        return kernel.hostAddresses().getOrDefault(LinkNames.hostAlias(network.id()), List.of());
    }

    private Optional<Link> hostLink(String name) {
        return Optional.ofNullable(kernel.hostLinks().get(name));
    }

    private static String space(Network network) {
        boolean local = network.scope().equals("local");
        if (EngineFacts.hasOurAddresses(network)) {
            return local ? WeftIpam.LOCAL : WeftIpam.GLOBAL;
        }
        return switch (network.ipam().driver()) {
            case "default" -> local ? ENGINES_LOCAL : ENGINES_GLOBAL;
            case String other -> other; // which no call of an engine repeats
        };
    }

    /// One that has links and no known sandbox is left out: as one that has left, it would lose its links.
    ///
    /// @param mac null where nobody tells it
    private void add(Network network, Attached endpoint, @Nullable MacAddress mac) {
        var container = engine.container(endpoint);
        var sandbox = container.map(known -> known.sandbox()).orElse(null);
        var name = endpoint.name().isEmpty() ? endpoint.endpointId() : endpoint.name();
        if (mac == null) {
            unknown.add("the engine does not tell the MAC address of " + name + " in network " + network.name()
                    + ", so it is not on record. Start that container again.");
            return;
        }
        if (sandbox == null && kernel.aliases().contains(LinkNames.endpointAlias(endpoint.endpointId()))) {
            unknown.add("the engine does not tell the sandbox of " + name + " in network " + network.name()
                    + ", so it is not on record. Start that container again.");
            return;
        }
        Map<String, String> options = WeftDriver.ownOptions(engine.options(endpoint));
        records.add(new EndpointRecord(
                endpoint.endpointId(),
                network.id(),
                endpoint.ipv4(),
                endpoint.ipv6(),
                mac,
                sandbox,
                null,
                container.map(known -> known.name()).orElse(null),
                options));
    }
}
