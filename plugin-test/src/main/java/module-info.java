/// For authors' tests of their plugins, with JUnit: a plugin served for each test, and called as engines call it.
@org.jspecify.annotations.NullMarked
module dev.weft.plugintest {
    requires static org.jspecify;
    requires transitive dev.weft.plugin;
    requires transitive org.junit.jupiter.api;

    exports dev.weft.plugintest;
}
