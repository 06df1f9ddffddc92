/// Which addresses are given to whom.
@org.jspecify.annotations.NullMarked
module dev.weft.ipam {
    requires transitive dev.weft.inet;
    requires transitive dev.weft.plugin;
    requires transitive dev.weft.state;
    requires static transitive org.jspecify;

    exports dev.weft.ipam;
}
