package dev.weft.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The state as Weft wrote it before there were clusters: only read, to be brought to today's format. It has the tables
/// of today's that tell of this host alone.
final class Format2 {
    static final int NUMBER = 2;

    /// In an order in which they can be dropped.
    static final List<String> TABLES =
            List.of("endpoint", "network", "address", "pool", "engine", "tombstone", "sealed");

    private Format2() {}

    /// @throws DamagedException if it is not what was written
    static Contents read(Connection connection) throws SQLException {
        return Contents.of(connection, NUMBER, Tables.OF_HOST);
    }
}
