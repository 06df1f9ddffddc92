/// What must survive the agent: the host's networks and endpoints, durably.
@org.jspecify.annotations.NullMarked
module dev.weft.state {
    requires transitive dev.weft.inet;
    requires dev.weft.json;
    requires java.sql;
    requires org.xerial.sqlitejdbc;
    requires static transitive org.jspecify;

    exports dev.weft.state;
}
