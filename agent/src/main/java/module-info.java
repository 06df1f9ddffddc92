/// The program: one daemon per host that serves Docker's plugin protocol.
@org.jspecify.annotations.NullMarked
module dev.weft.agent {
    requires dev.weft.drivers;
    requires dev.weft.ipam;
    requires dev.weft.netlink;
    requires dev.weft.plugin;
    requires dev.weft.state;
    requires java.logging;
    requires static org.jspecify;
}
