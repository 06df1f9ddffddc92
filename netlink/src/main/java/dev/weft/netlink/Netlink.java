package dev.weft.netlink;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// A connection to the kernel for the links, addresses, routes, neighbors, FDB entries, qdiscs and filters of one
/// network namespace (rtnetlink(7)). It stays there whatever becomes of the [NetworkNamespace] it was opened with.
///
/// Any thread may call, virtual ones too; the calls are carried out one after the other by a thread of the connection's
/// own. Each ends, at the latest 10 s after the kernel fell silent. All throw [NetlinkException] when the kernel
/// refuses, and when the connection is closed.
public final class Netlink implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final Connection connection;

    Netlink(Connection connection) {
        this.connection = connection;
    }

    /// Needs CAP_SYS_ADMIN for a namespace that is not the process's own; changes need CAP_NET_ADMIN there.
    public static Netlink open(NetworkNamespace namespace) {
        return new Netlink(connect(namespace));
    }

    static Connection connect(NetworkNamespace namespace) {
        return new Connection(namespace.toString(), SILENCE, namespace::enter, NetlinkSocket::open);
    }

    public List<Link> links() {
        var query = new MessageWriter();
        LinkMessage.encodeQuery(query);
        return dump("list links", Kernel.RTM_GETLINK, query, Link::decode);
    }

    public Optional<Link> link(String name) {
        LinkName.check(name);
        var query = new MessageWriter();
        LinkMessage.encodeQuery(query);
        query.attributeZeroTerminated(LinkMessage.IFLA_IFNAME, name);
        return get("read link " + name, query, Link::decode);
    }

    public Optional<Link> link(int index) {
        return get("read link " + index, indexQuery(index), Link::decode);
    }

    /// Makes a link with all its properties, or none.
    public void add(LinkSpec spec) {
        send(Request.addLink(spec));
        try {
            complete(spec);
        } catch (NetlinkException refusal) {
            try {
                sendIn(spec.namespace(), Request.deleteLink(spec.name()));
            } catch (NetlinkException leftover) {
                refusal.addSuppressed(leftover);
            }
            throw refusal;
        }
    }

    /// What the kernel does not do at creation: aliases, and switching on a veth's peer. Not in one datagram with the
    /// creation: if that fails because the name is taken, the kernel would go on and change somebody else's link.
    private void complete(LinkSpec spec) {
        if (!spec.alias().isEmpty()) {
            sendIn(
                    spec.namespace(),
                    Request.setLink(spec.name(), LinkChange.none().alias(spec.alias())));
        }
        var peer = spec.kind() instanceof Veth veth ? veth.peer() : null;
        if (peer != null && (peer.isUp() || !peer.alias().isEmpty())) {
            var up = peer.isUp() ? LinkChange.none().up() : LinkChange.none();
            var change = peer.alias().isEmpty() ? up : up.alias(peer.alias());
            sendIn(peer.namespace(), Request.setLink(peer.name(), change));
        }
    }

    private void sendIn(@Nullable NetworkNamespace namespace, Request request) {
        if (namespace == null) {
            send(request);
            return;
        }
        try (var there = open(namespace)) {
            there.send(request);
        }
    }

    public void set(int index, LinkChange change) {
        send(Request.setLink(index, change));
    }

    public void delete(int index) {
        send(Request.deleteLink(index));
    }

    /// Of all links, IPv4 and IPv6.
    public List<Address> addresses() {
        var query = new MessageWriter();
        Address.encodeQuery(query);
        return dump("list addresses", Kernel.RTM_GETADDR, query, Address::decode);
    }

    public void addAddress(Address address) {
        send(Request.addAddress(address));
    }

    public void deleteAddress(Address address) {
        send(Request.deleteAddress(address));
    }

    /// Of all tables, the kernel's own included; IPv4, then IPv6.
    public List<Route> routes() {
        var ipv4 = new MessageWriter();
        Route.encodeQuery(ipv4, Kernel.AF_INET);
        var ipv6 = new MessageWriter();
        Route.encodeQuery(ipv6, Kernel.AF_INET6);
        return connection.perform("list routes", conversation -> {
            var routes = conversation.dump("list IPv4 routes", Kernel.RTM_GETROUTE, ipv4, Route::decode);
            routes.addAll(conversation.dump("list IPv6 routes", Kernel.RTM_GETROUTE, ipv6, Route::decode));
            return routes;
        });
    }

    public void addRoute(Route route) {
        send(Request.addRoute(route));
    }

    public void deleteRoute(Route route) {
        send(Request.deleteRoute(route));
    }

    /// The ARP and ND entries of all links.
    public List<Neighbor> neighbors() {
        var query = new MessageWriter();
        NeighborMessage.encodeQuery(query, Kernel.AF_UNSPEC);
        return dump("list neighbors", UnmarkedTable.NEIGHBORS, query, Neighbor::decode);
    }

    public void addNeighbor(Neighbor neighbor) {
        send(Request.addNeighbor(neighbor));
    }

    public void deleteNeighbor(Neighbor neighbor) {
        send(Request.deleteNeighbor(neighbor));
    }

    /// The FDB entries of all bridges and VXLAN devices.
    public List<FdbEntry> fdb() {
        return fdb("list FDB entries", 0);
    }

    /// Those of one link: a VXLAN device's own, and its bridge's for a port.
    public List<FdbEntry> fdb(int index) {
        return fdb("list FDB entries of link " + index, index);
    }

    private List<FdbEntry> fdb(String doing, int index) {
        var query = new MessageWriter();
        NeighborMessage.header(query, Kernel.AF_BRIDGE, index, 0, 0);
        return dump(doing, UnmarkedTable.FDB, query, FdbEntry::decode);
    }

    public void addFdb(FdbEntry entry) {
        send(Request.addFdb(entry));
    }

    public void deleteFdb(FdbEntry entry) {
        send(Request.deleteFdb(entry));
    }

    /// Those of all links, except what the kernel has where nothing was ever set.
    public List<Qdisc> qdiscs() {
        var query = new MessageWriter();
        Qdisc.encodeQuery(query);
        return dump("list qdiscs", UnmarkedTable.QDISCS, query, Qdisc::decode);
    }

    /// Those of one link, of which the kernel has to be asked about all: to read that of one alone makes it announce a
    /// change ([ChangeMonitor]).
    ///
    /// @return empty if there is no such link
    public List<Qdisc> qdiscs(int index) {
        var query = new MessageWriter();
        Qdisc.encodeQuery(query);
        return dump(
                "list qdiscs of link " + index,
                UnmarkedTable.QDISCS,
                query,
                body -> Qdisc.isOf(index, body) ? Qdisc.decode(body) : null);
    }

    public void addQdisc(Qdisc qdisc) {
        send(Request.addQdisc(qdisc));
    }

    public void deleteQdisc(Qdisc qdisc) {
        send(Request.deleteQdisc(qdisc));
    }

    /// @param parent the qdisc whose filters are meant, such as [Handle#INGRESS_QDISC]
    /// @return in the order in which they are asked; empty if there is no such link or qdisc
    public List<Filter> filters(int index, Handle parent) {
        var query = new MessageWriter();
        Filter.encodeQuery(query, index, parent);
        String doing = "list filters at " + parent + " of link " + index;
        return dump(doing, UnmarkedTable.FILTERS, query, Filter::decode);
    }

    public void addFilter(Filter filter) {
        send(Request.addFilter(filter));
    }

    public void deleteFilter(Filter filter) {
        send(Request.deleteFilter(filter));
    }

    /// All ports of all bridges, in one reading.
    public List<BridgePort> bridgePorts() {
        var query = new MessageWriter();
        LinkMessage.encodeQuery(query);
        return dump("list bridge ports", Kernel.RTM_GETLINK, query, BridgePort::decode);
    }

    /// @return empty if there is no such link, or it is no port of a bridge
    public Optional<BridgePort> bridgePort(int index) {
        return get("read bridge port " + index, indexQuery(index), BridgePort::decode);
    }

    /// Flags that are not in the map stay as they are.
    public void setBridgePort(int index, Map<BridgePort.Flag, Boolean> change) {
        send(Request.setBridgePort(index, change));
    }

    /// Makes one change.
    public void send(Request request) {
        send(List.of(request));
    }

    /// Makes changes in their order, a thousand or so in two system calls. All are tried, also after one was refused.
    ///
    /// @throws NetlinkException for the first that was refused, with the others' as suppressed
    public void send(List<Request> requests) {
        var refusals = List.copyOf(attempt(requests).values());
        if (!refusals.isEmpty()) {
            var first = refusals.getFirst().inCallersThread();
            refusals.subList(1, refusals.size()).forEach(first::addSuppressed);
            throw first;
        }
    }

    /// As [#send], but returns what was refused instead of throwing it.
    ///
    /// @return the refusals by position in the list; empty if all was done
    public SortedMap<Integer, NetlinkException> attempt(List<Request> requests) {
        var copy = List.copyOf(requests);
        String doing = copy.size() == 1 ? copy.getFirst().toString() : "make " + copy.size() + " changes";
        return connection.perform(doing, conversation -> conversation.change(copy));
    }

    private static MessageWriter indexQuery(int index) {
        var query = new MessageWriter();
        LinkMessage.header(query, Kernel.AF_UNSPEC, index, 0, 0);
        LinkMessage.encodeWithoutStatistics(query);
        return query;
    }

    private <T> List<T> dump(String doing, int type, MessageWriter query, Exchange.Decoder<T> decoder) {
        return connection.perform(doing, conversation -> conversation.dump(doing, type, query, decoder));
    }

    private <T> List<T> dump(String doing, UnmarkedTable table, MessageWriter query, Exchange.Decoder<T> decoder) {
        return connection.perform(doing, conversation -> conversation.dump(doing, table, query, decoder));
    }

    private <T> Optional<T> get(String doing, MessageWriter query, Exchange.Decoder<T> decoder) {
        return connection.perform(
                doing,
                conversation -> Optional.ofNullable(conversation.get(doing, Kernel.RTM_GETLINK, query, decoder)));
    }

    /// Calls that are going on or waiting fail, saying that the connection was closed.
    @Override
    public void close() {
        connection.close();
    }
}
