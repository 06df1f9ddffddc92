/// Makes the registries of many hosts one, through a store that all of them reach.
///
/// jetcd's jars have parts of the same packages and can be no modules: they are on the class path, which the build lets
/// this module read.
@org.jspecify.annotations.NullMarked
module dev.weft.cluster {
    requires transitive dev.weft.engine;
    requires transitive dev.weft.state;
    requires dev.weft.json;
    requires static org.jspecify;

    exports dev.weft.cluster;
}
