/// Real Docker Engines in namespaces of this machine: a JUnit extension, and the demonstration of `weft demo`.
@org.jspecify.annotations.NullMarked
module dev.weft.lab {
    requires static transitive org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires org.junit.platform.launcher;

    exports dev.weft.lab;
}
