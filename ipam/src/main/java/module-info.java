/// Which addresses are given to whom.
@org.jspecify.annotations.NullMarked
module dev.weft.ipam {
    requires transitive dev.weft.inet;
    requires static transitive org.jspecify;

    exports dev.weft.ipam;
}
