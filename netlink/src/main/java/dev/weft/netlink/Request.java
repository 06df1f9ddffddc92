package dev.weft.netlink;

import java.util.Map;

/// One change, ready to be sent with [Netlink#send]. Its text is what it does, as it reads behind "cannot".
public final class Request {
    private final String doing;
    private final int type;
    private final int flags;
    private final byte[] body;

    Request(String doing, int type, int flags, MessageWriter body) {
        this.doing = doing;
        this.type = type;
        this.flags = flags;
        this.body = body.toBytes();
    }

    /// Without what the kernel does not do at creation; [Netlink#add] does that too.
    static Request addLink(LinkSpec spec) {
        var body = new MessageWriter();
        spec.encode(body);
        return new Request(
                "add link " + spec.name(), Kernel.RTM_NEWLINK, Kernel.NLM_F_CREATE | Kernel.NLM_F_EXCL, body);
    }

    public static Request setLink(int index, LinkChange change) {
        var body = new MessageWriter();
        change.encode(index, body);
        return new Request("change link " + index, Kernel.RTM_NEWLINK, 0, body);
    }

    static Request setLink(String name, LinkChange change) {
        var body = new MessageWriter();
        change.encode(0, body); // with index 0, the kernel looks for the name
        body.attributeZeroTerminated(LinkMessage.IFLA_IFNAME, name);
        return new Request("change link " + name, Kernel.RTM_NEWLINK, 0, body);
    }

    public static Request deleteLink(int index) {
        var body = new MessageWriter();
        LinkMessage.header(body, Kernel.AF_UNSPEC, index, 0, 0);
        return new Request("delete link " + index, Kernel.RTM_DELLINK, 0, body);
    }

    static Request deleteLink(String name) {
        var body = new MessageWriter();
        LinkMessage.header(body, Kernel.AF_UNSPEC, 0, 0, 0);
        body.attributeZeroTerminated(LinkMessage.IFLA_IFNAME, name);
        return new Request("delete link " + name, Kernel.RTM_DELLINK, 0, body);
    }

    /// Gives a bridge all of these settings.
    public static Request setBridge(int index, Bridge settings) {
        var body = new MessageWriter();
        LinkMessage.header(body, Kernel.AF_UNSPEC, index, 0, 0);
        int info = body.begin(LinkMessage.IFLA_LINKINFO);
        body.attribute(LinkInfo.IFLA_INFO_KIND, settings.kindName());
        int data = body.begin(LinkInfo.IFLA_INFO_DATA);
        settings.encodeWhole(body);
        body.end(data);
        body.end(info);
        return new Request("set bridge " + index, Kernel.RTM_NEWLINK, 0, body);
    }

    public static Request setBridgePort(int index, Map<BridgePort.Flag, Boolean> change) {
        var body = new MessageWriter();
        BridgePort.encode(index, change, body);
        return new Request("set bridge port " + index, Kernel.RTM_SETLINK, 0, body);
    }

    public static Request addAddress(Address address) {
        var body = new MessageWriter();
        address.encode(body);
        return new Request("add address " + address, Kernel.RTM_NEWADDR, Kernel.NLM_F_CREATE | Kernel.NLM_F_EXCL, body);
    }

    public static Request deleteAddress(Address address) {
        var body = new MessageWriter();
        address.encodeForDeletion(body);
        return new Request("delete address " + address, Kernel.RTM_DELADDR, 0, body);
    }

    public static Request addRoute(Route route) {
        return newRoute("add route ", route, Kernel.NLM_F_CREATE | Kernel.NLM_F_EXCL);
    }

    /// Adds it, or puts it in the place of one with the same destination, metric and table.
    public static Request replaceRoute(Route route) {
        return newRoute("replace route ", route, Kernel.NLM_F_CREATE | Kernel.NLM_F_REPLACE);
    }

    private static Request newRoute(String verb, Route route, int flags) {
        var body = new MessageWriter();
        route.encode(body);
        return new Request(verb + route, Kernel.RTM_NEWROUTE, flags, body);
    }

    public static Request deleteRoute(Route route) {
        var body = new MessageWriter();
        route.encodeForDeletion(body);
        return new Request("delete route " + route, Kernel.RTM_DELROUTE, 0, body);
    }

    public static Request addNeighbor(Neighbor neighbor) {
        return newNeighbor("add neighbor ", neighbor, Kernel.NLM_F_CREATE | Kernel.NLM_F_EXCL);
    }

    /// Adds it, or puts it in the place of the one with the same IP address.
    public static Request replaceNeighbor(Neighbor neighbor) {
        return newNeighbor("replace neighbor ", neighbor, Kernel.NLM_F_CREATE | Kernel.NLM_F_REPLACE);
    }

    private static Request newNeighbor(String verb, Neighbor neighbor, int flags) {
        var body = new MessageWriter();
        neighbor.encode(body);
        return new Request(verb + neighbor, Kernel.RTM_NEWNEIGH, flags, body);
    }

    public static Request deleteNeighbor(Neighbor neighbor) {
        var body = new MessageWriter();
        neighbor.encodeForDeletion(body);
        return new Request("delete neighbor " + neighbor, Kernel.RTM_DELNEIGH, 0, body);
    }

    public static Request addFdb(FdbEntry entry) {
        return newFdb("add FDB entry ", entry, Kernel.NLM_F_CREATE | Kernel.NLM_F_EXCL);
    }

    /// Adds it, or puts it in the place of the one with the same MAC address; not for flooding entries, of which there
    /// are many.
    public static Request replaceFdb(FdbEntry entry) {
        return newFdb("replace FDB entry ", entry, Kernel.NLM_F_CREATE | Kernel.NLM_F_REPLACE);
    }

    /// Adds one more destination for the same MAC address, on a VXLAN device, for flooding.
    public static Request appendFdb(FdbEntry entry) {
        return newFdb("append FDB entry ", entry, Kernel.NLM_F_CREATE | Kernel.NLM_F_APPEND);
    }

    private static Request newFdb(String verb, FdbEntry entry, int flags) {
        var body = new MessageWriter();
        entry.encode(body);
        return new Request(verb + entry, Kernel.RTM_NEWNEIGH, flags, body);
    }

    public static Request deleteFdb(FdbEntry entry) {
        var body = new MessageWriter();
        entry.encode(body);
        return new Request("delete FDB entry " + entry, Kernel.RTM_DELNEIGH, 0, body);
    }

    public static Request addQdisc(Qdisc qdisc) {
        return newQdisc("add qdisc ", qdisc, Kernel.NLM_F_CREATE | Kernel.NLM_F_EXCL);
    }

    /// Adds it, or puts it in the place of the one that has the same parent; one of the same kind and handle takes on
    /// the settings and keeps the packets that wait.
    public static Request replaceQdisc(Qdisc qdisc) {
        return newQdisc("replace qdisc ", qdisc, Kernel.NLM_F_CREATE | Kernel.NLM_F_REPLACE);
    }

    private static Request newQdisc(String verb, Qdisc qdisc, int flags) {
        var body = new MessageWriter();
        qdisc.encode(body);
        return new Request(verb + qdisc, Kernel.RTM_NEWQDISC, flags, body);
    }

    /// With its filters. What waits in it is lost.
    public static Request deleteQdisc(Qdisc qdisc) {
        var body = new MessageWriter();
        qdisc.encodeForDeletion(body);
        return new Request("delete qdisc " + qdisc, Kernel.RTM_DELQDISC, 0, body);
    }

    public static Request addFilter(Filter filter) {
        var body = new MessageWriter();
        filter.encode(body);
        return new Request(
                "add filter " + filter, Kernel.RTM_NEWTFILTER, Kernel.NLM_F_CREATE | Kernel.NLM_F_EXCL, body);
    }

    public static Request deleteFilter(Filter filter) {
        var body = new MessageWriter();
        filter.encodeForDeletion(body);
        return new Request("delete filter " + filter, Kernel.RTM_DELTFILTER, 0, body);
    }

    int type() {
        return type;
    }

    /// NLM_F_*, without NLM_F_REQUEST and NLM_F_ACK, which are the connection's.
    int flags() {
        return flags;
    }

    byte[] body() {
        return body;
    }

    @Override
    public String toString() {
        return doing;
    }
}
