/// What a network is made of: drivers decide, plans say it, the kernel does it.
@org.jspecify.annotations.NullMarked
module dev.weft.drivers {
    requires transitive dev.weft.inet;
    requires transitive dev.weft.netlink;
    requires transitive dev.weft.plugin;
    requires transitive dev.weft.state;
    requires static transitive org.jspecify;

    exports dev.weft.drivers;
    exports dev.weft.drivers.lan;
    exports dev.weft.drivers.mode;
    exports dev.weft.drivers.neighbors;
    exports dev.weft.drivers.options;
    exports dev.weft.drivers.plan;
    exports dev.weft.drivers.vxlan;
}
