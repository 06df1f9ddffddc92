package dev.weft.state;

import dev.weft.json.MalformedJson;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// All that a state file has, read and found to be what was written.
record Contents(List<StateRecord> records, Seal seal) {
    Contents {
        records = List.copyOf(records);
    }

    /// What is done with each row of a query.
    @FunctionalInterface
    interface RowReader {
        void read(Row row);
    }

    /// @throws DamagedException if it is not what was written
    static Contents of(Connection connection) throws SQLException {
        return of(connection, Image.FORMAT, Tables.ALL);
    }

    /// Likewise, of the format that has these tables.
    static Contents of(Connection connection, int format, List<Table<?>> tables) throws SQLException {
        checkPages(connection);
        checkTables(connection, format, tables);
        var records = new ArrayList<StateRecord>();
        var counted = Seal.NONE;
        for (var table : tables) {
            counted = read(connection, table, counted, records);
        }
        var written = writtenSeal(connection);
        if (written.rows() != counted.rows() || written.sum() != counted.sum()) {
            throw new DamagedException("records are missing, or are older than others");
        }
        return new Contents(records, written);
    }

    /// How many records there are of each kind, by the name of their table; of a cluster those kinds that there are.
    Map<String, Integer> counts() {
        var counts = new LinkedHashMap<String, Integer>();
        Tables.OF_HOST.forEach(table -> counts.put(table.name(), 0));
        records.forEach(record -> counts.merge(Tables.of(record).name(), 1, Integer::sum));
        return counts;
    }

    /// What SQLite can tell: that its pages fit together.
    static void checkPages(Connection connection) throws SQLException {
        each(connection, "PRAGMA integrity_check(1)", row -> {
            var found = row.text("integrity_check");
            if (!found.equals("ok")) {
                throw new DamagedException(found.strip().replaceAll("\\s+", " "));
            }
        });
    }

    /// Tables that were altered might still be read, but not be written.
    private static void checkTables(Connection connection, int format, List<Table<?>> tables) throws SQLException {
        var found = new TreeSet<String>();
        each(connection, "SELECT sql FROM sqlite_schema", row -> found.add(String.valueOf(row.optionalText("sql"))));
        if (!found.equals(new TreeSet<>(Tables.creation(tables)))) {
            throw new DamagedException("its tables are not those of format " + format);
        }
    }

    static Seal writtenSeal(Connection connection) throws SQLException {
        var seals = new ArrayList<Seal>();
        each(
                connection,
                "SELECT rows, sum, commits FROM sealed",
                row -> seals.add(new Seal(row.longNumber("rows"), row.longNumber("sum"), row.longNumber("commits"))));
        if (seals.size() != 1) {
            throw new DamagedException("it is sealed " + seals.size() + " times");
        }
        return seals.getFirst();
    }

    private static <R extends StateRecord> Seal read(
            Connection connection, Table<R> table, Seal before, List<StateRecord> into) throws SQLException {
        var seal = before;
        try (var statement = connection.createStatement();
                var found = statement.executeQuery("SELECT * FROM " + table.name())) {
            var columns = Row.columns(found);
            while (found.next()) {
                var row = Row.at(found, columns);
                var values = row.values().subList(0, table.columns().size());
                long written = row.longNumber(Table.SEAL);
                if (written != table.seal(values)) {
                    throw new DamagedException("the " + table.name() + " " + values.getFirst() + " was changed");
                }
                seal = seal.with(written);
                into.add(record(table, row));
            }
        }
        return seal;
    }

    private static <R extends StateRecord> R record(Table<R> table, Row row) {
        try {
            return table.reader().read(row);
        } catch (IllegalArgumentException | MalformedJson unreadable) {
            throw new DamagedException("a row of table " + table.name() + " says: " + unreadable.getMessage());
        }
    }

    static void each(Connection connection, String query, RowReader reader) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            var columns = Row.columns(rows);
            while (rows.next()) {
                reader.read(Row.at(rows, columns));
            }
        }
    }
}
