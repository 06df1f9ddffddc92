package dev.weft.agent.rebuild;

import dev.weft.engine.Ipam;
import dev.weft.engine.NetworkDetails;
import dev.weft.inet.AddressText;
import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.ipam.AddressPool;
import dev.weft.state.AddressRecord;
import dev.weft.state.AddressRecord.Purpose;
import dev.weft.state.PoolRecord;
import dev.weft.state.StateRecord;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The pools of one network of Weft's IPAM driver, and what of them is given.
final class GivenAddresses {
    private final String space;
    private final NetworkDetails network;
    private final List<Cidr> hostAddresses;
    private final List<StateRecord> records = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    /// @param hostAddresses by which the host is in the network: the gateways'
    GivenAddresses(String space, NetworkDetails network, List<Cidr> hostAddresses) {
        this.space = space;
        this.network = network;
        this.hostAddresses = hostAddresses;
        network.network().ipam().pools().forEach(this::add);
    }

    /// Pools, each followed by its addresses.
    List<StateRecord> records() {
        return records;
    }

    List<String> unknown() {
        return unknown;
    }

    private void add(Ipam.Pool pool) {
        var range = pool.range() == null ? pool.subnet() : pool.range();
        var record = new PoolRecord(
                space,
                pool.subnet(),
                range,
                network.network().id(),
                network.network().ipam().options());
        records.add(record);
        var used = used(pool);
        var gateway = gateway(pool, range, used);
        gateway.ifPresent(address -> records.add(new AddressRecord(record.id(), address, Purpose.GATEWAY, 1)));
        used.stream()
                .filter(address -> gateway.filter(address::equals).isEmpty())
                .forEach(address -> records.add(new AddressRecord(record.id(), address, purpose(pool, address), 1)));
    }

    private static Purpose purpose(Ipam.Pool pool, InetAddress address) {
        return pool.auxiliaryAddresses().containsValue(address) ? Purpose.AUXILIARY : Purpose.CHOSEN;
    }

    /// By endpoints, and what nobody is to have.
    private Set<InetAddress> used(Ipam.Pool pool) {
        var used = new LinkedHashSet<InetAddress>(pool.auxiliaryAddresses().values());
        network.endpoints().stream()
                .flatMap(endpoint ->
                        Stream.of(Optional.ofNullable(endpoint.ipv4()), Optional.ofNullable(endpoint.ipv6())))
                .flatMap(Optional::stream)
                .map(Cidr::address)
                .filter(pool.subnet()::contains)
                .forEach(used::add);
        return used;
    }

    /// Engines do not always tell it. Weft gives the lowest address of the range, if it is asked for one; that is kept,
    /// unless somebody has it: better one address too few than one given twice.
    private Optional<InetAddress> gateway(Ipam.Pool pool, Subnet range, Set<InetAddress> used) {
        if (pool.gateway() != null) {
            return Optional.of(pool.gateway());
        }
        var host = hostAddresses.stream()
                .map(Cidr::address)
                .filter(pool.subnet()::contains)
                .findFirst();
        if (host.isPresent() || isPair(pool.subnet())) {
            return host;
        }
        var lowest = new AddressPool(pool.subnet(), range).chooseLowest().filter(address -> !used.contains(address));
        lowest.ifPresent(address -> unknown.add("the engine does not tell whether subnet " + pool.subnet()
                + " of network " + network.network().name() + " has a gateway; " + AddressText.of(address)
                + " is kept free for it."));
        return lowest;
    }

    /// A /31 or a /127, in which both addresses are needed.
    private static boolean isPair(Subnet subnet) {
        return subnet.address().getAddress().length * Byte.SIZE - subnet.prefixLength() < 2;
    }
}
