package dev.weft.state;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An open state file: its tables, its transactions, and the seal over all rows. Not safe for use by several threads:
/// [Writer] owns it after opening.
///
/// The table `sealed` has one row: how many rows there are in all tables, and the sum of their seals. So a row that is
/// lost, old or changed is noticed, wherever in the file the damage is.
final class Database implements AutoCloseable {
    static final String SEALED = "CREATE TABLE sealed (rows INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT";

    private final Connection connection;
    private long rows;
    private long sum;
    private long rowsBefore;
    private long sumBefore;

    /// @param connection to a file of this format; closed with this
    Database(Connection connection) {
        this.connection = connection;
    }

    /// Makes the tables, empty, in the transaction that is under way.
    void create() throws SQLException {
        for (var table : Tables.ALL) {
            execute(table.creation());
        }
        for (var index : Tables.INDEXES) {
            execute(index);
        }
        execute(SEALED);
        execute("INSERT INTO sealed VALUES (0, 0)");
    }

    /// Reads everything, and checks that it is what was written.
    ///
    /// @throws DamagedException if it is not
    List<StateRecord> readAll() throws SQLException {
        checkPages();
        var records = new ArrayList<StateRecord>();
        rows = 0;
        sum = 0;
        for (var table : Tables.ALL) {
            read(table, records);
        }
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT rows, sum FROM sealed")) {
            if (!row.next() || row.getLong(1) != rows || row.getLong(2) != sum) {
                throw new DamagedException("records are missing, or are older than others");
            }
        }
        return records;
    }

    private void checkPages() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("PRAGMA integrity_check(1)")) {
            if (!row.next() || !row.getString(1).equals("ok")) {
                throw new DamagedException(row.getString(1).strip().replaceAll("\\s+", " "));
            }
        }
    }

    private <R extends StateRecord> void read(Table<R> table, List<StateRecord> into) throws SQLException {
        try (var statement = connection.createStatement();
                var found = statement.executeQuery("SELECT * FROM " + table.name())) {
            while (found.next()) {
                var values = new ArrayList<@Nullable Object>();
                for (int i = 1; i <= table.columns().size(); i++) {
                    values.add(found.getObject(i));
                }
                long seal = found.getLong(Table.SEAL);
                if (seal != table.seal(values)) {
                    throw new DamagedException("the " + table.name() + " " + values.getFirst() + " was changed");
                }
                rows++;
                sum += seal;
                into.add(record(table, new Row(found)));
            }
        }
    }

    private static <R extends StateRecord> R record(Table<R> table, Row row) throws SQLException {
        try {
            return table.reader().read(row);
        } catch (IllegalArgumentException unreadable) {
            throw new DamagedException("a row of table " + table.name() + " says: " + unreadable.getMessage());
        }
    }

    void begin() throws SQLException {
        execute("BEGIN IMMEDIATE");
    }

    void commit() throws SQLException {
        update("UPDATE sealed SET rows = ?, sum = ?", List.of(rows, sum));
        execute("COMMIT");
    }

    /// What comes until [#release] or [#rollBackToSavepoint] is one change.
    void savepoint() throws SQLException {
        execute("SAVEPOINT change");
        rowsBefore = rows;
        sumBefore = sum;
    }

    void release() throws SQLException {
        execute("RELEASE change");
    }

    void rollBackToSavepoint() throws SQLException {
        rows = rowsBefore;
        sum = sumBefore;
        execute("ROLLBACK TO change");
        release();
    }

    /// Ends a failed transaction; a further failure is added to the first.
    void rollBack(SQLException failure) {
        try {
            execute("ROLLBACK");
        } catch (SQLException alreadyRolledBack) {
            failure.addSuppressed(alreadyRolledBack);
        }
        try {
            readSeal();
            execute("PRAGMA wal_checkpoint(TRUNCATE)"); // nothing of the failed transaction stays in the log
        } catch (SQLException further) {
            failure.addSuppressed(further);
        }
    }

    private void readSeal() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT rows, sum FROM sealed")) {
            row.next();
            rows = row.getLong(1);
            sum = row.getLong(2);
        }
    }

    void apply(Change change) throws SQLException {
        switch (change) {
            case Change.Put put -> put(put.record());
            case Change.Remove remove -> remove(remove.record());
        }
    }

    private <R extends StateRecord> void put(R record) throws SQLException {
        var table = Tables.of(record);
        unseal(table, record.key());
        var values = new ArrayList<>(table.values(record));
        long seal = table.seal(values);
        values.add(seal);
        update(table.upsert(), values);
        rows++;
        sum += seal;
    }

    private <R extends StateRecord> void remove(R record) throws SQLException {
        var table = Tables.of(record);
        unseal(table, record.key());
        update("DELETE FROM " + table.name() + " WHERE " + table.key() + " = ?", List.of(record.key()));
    }

    private void unseal(Table<?> table, String key) throws SQLException {
        try (var statement =
                        prepare("SELECT seal FROM " + table.name() + " WHERE " + table.key() + " = ?", List.of(key));
                var row = statement.executeQuery()) {
            if (row.next()) {
                rows--;
                sum -= row.getLong(1);
            }
        }
    }

    /// Writes a copy that is whole; other changes wait meanwhile. The file must not exist.
    void copyTo(Path file) throws SQLException {
        update("VACUUM INTO ?", List.of(file.toString()));
    }

    private void update(String sql, List<? extends @Nullable Object> values) throws SQLException {
        try (var statement = prepare(sql, values)) {
            statement.executeUpdate();
        }
    }

    private PreparedStatement prepare(String sql, List<? extends @Nullable Object> values) throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
        return statement;
    }

    void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException alreadyUnusable) {
            System.getLogger(Database.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot close the state: {0}", alreadyUnusable.getMessage());
        }
    }
}
