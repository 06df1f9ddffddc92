/// rtnetlink, the kernel's interface to links, addresses, routes, neighbors, forwarding entries and traffic control, on
/// the JDK alone.
@org.jspecify.annotations.NullMarked
module dev.weft.netlink {
    requires static transitive org.jspecify;
    requires transitive dev.weft.inet;

    exports dev.weft.netlink;
}
