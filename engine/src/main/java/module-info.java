/// The Docker Engine's API as far as Weft needs it: networks, containers, events; engines from 20.10 on.
@org.jspecify.annotations.NullMarked
module dev.weft.engine {
    requires dev.weft.http;
    requires transitive dev.weft.inet;
    requires dev.weft.json;
    requires static transitive org.jspecify;

    exports dev.weft.engine;
}
