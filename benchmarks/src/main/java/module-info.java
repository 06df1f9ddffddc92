/// What the whole system costs, always beside a peer in the same run.
@org.jspecify.annotations.NullMarked
module dev.weft.benchmarks {
    requires dev.weft.drivers;
    requires dev.weft.http;
    requires dev.weft.ipam;
    requires dev.weft.lab;
    requires dev.weft.netlink;
    requires dev.weft.plugin;
    requires dev.weft.state;
    requires static org.jspecify;
}
