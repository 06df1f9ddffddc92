/// JSON, written as Go writes it and read strictly: objects that can say which of their fields is wrong.
@org.jspecify.annotations.NullMarked
module dev.weft.json {
    requires static transitive org.jspecify;

    exports dev.weft.json;
}
