/// The program: one daemon per host that serves Docker's plugin protocol.
@org.jspecify.annotations.NullMarked
module dev.weft.agent {
    requires dev.weft.cluster;
    requires dev.weft.drivers;
    requires dev.weft.engine;
    requires dev.weft.http;
    requires dev.weft.ipam;
    requires dev.weft.json;
    requires dev.weft.netlink;
    requires dev.weft.plugin;
    requires dev.weft.state;
    requires info.picocli;
    requires java.logging;
    requires org.tomlj;
    requires static org.jspecify;

    opens dev.weft.agent to
            java.logging;
    opens dev.weft.agent.cli to
            info.picocli;
}
