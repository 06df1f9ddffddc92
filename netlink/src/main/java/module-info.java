/// rtnetlink, the kernel's interface to links, addresses, routes, neighbors and forwarding entries, on the JDK alone.
@org.jspecify.annotations.NullMarked
module dev.weft.netlink {
    requires static transitive org.jspecify;
    requires transitive dev.weft.inet;

    exports dev.weft.netlink;
}
