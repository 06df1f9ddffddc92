/// Small plugins written with dev.weft.plugin, to run and to copy from.
@org.jspecify.annotations.NullMarked
module dev.weft.examples {
    requires static org.jspecify;
    requires dev.weft.inet;
    requires dev.weft.netlink;
    requires dev.weft.plugin;
}
