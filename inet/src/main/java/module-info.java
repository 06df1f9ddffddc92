/// Value types of networking on the JDK alone: addresses, subnets, MAC addresses, VXLAN network identifiers.
@org.jspecify.annotations.NullMarked
module dev.weft.inet {
    requires static transitive org.jspecify;

    exports dev.weft.inet;
}
