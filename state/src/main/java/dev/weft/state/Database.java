package dev.weft.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/// The tables of an open state file, its transactions, and the [Seal] over all rows. Not safe for use by several
/// threads: [Writer] owns it after opening.
final class Database implements AutoCloseable {
    private final Connection connection;
    private final LongConsumer committed;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private Seal onDisk;
    private Seal seal;
    private Seal beforeChange;
    private boolean remnants;

    /// @param connection to tables of this format; closed with this
    /// @param seal       what they have
    /// @param committed  gets the number of each commit when it is on disk
    Database(Connection connection, Seal seal, LongConsumer committed) {
        this.connection = connection;
        this.committed = committed;
        this.onDisk = seal;
        this.seal = seal;
        this.beforeChange = seal;
    }

    /// Makes the tables, empty, in the transaction that is under way.
    void create() throws SQLException {
        for (var statement : Tables.creation()) {
            execute(statement);
        }
        execute("INSERT INTO sealed VALUES (0, 0, 0)");
    }

    /// Reads everything from the file again.
    ///
    /// @throws DamagedException if it is not what was written
    Contents read() throws SQLException {
        execute("PRAGMA shrink_memory"); // else pages come from SQLite's memory
        return Contents.of(connection);
    }

    Image copy() throws SQLException {
        return Image.copyOf(connection);
    }

    void begin() throws SQLException {
        if (remnants) {
            emptyLog();
        }
        execute("BEGIN IMMEDIATE");
    }

    void commit() throws SQLException {
        seal = seal.committed();
        update("UPDATE sealed SET rows = ?, sum = ?, commits = ?", List.of(seal.rows(), seal.sum(), seal.commits()));
        execute("COMMIT");
        onDisk = seal;
        committed.accept(seal.commits());
    }

    /// What comes until [#release] or [#rollBackToSavepoint] is one change.
    void savepoint() throws SQLException {
        execute("SAVEPOINT change");
        beforeChange = seal;
    }

    void release() throws SQLException {
        execute("RELEASE change");
    }

    void rollBackToSavepoint() throws SQLException {
        execute("ROLLBACK TO change");
        release();
        seal = beforeChange;
    }

    /// Ends a failed transaction; a further failure is added to the first.
    void rollBack(Exception failure) {
        seal = onDisk;
        remnants = true;
        try {
            execute("ROLLBACK");
        } catch (SQLException endedBySqlite) {
            failure.addSuppressed(endedBySqlite);
        }
        try {
            emptyLog();
        } catch (SQLException notYet) { // the next transaction tries again
            failure.addSuppressed(notYet);
        }
    }

    /// Moves all that is committed from the log into the file. What a failed or torn transaction has left in the log
    /// could else be taken for committed: by SQLite after a crash, or by [WriteAheadLog].
    void emptyLog() throws SQLException {
        execute("PRAGMA wal_checkpoint(TRUNCATE)");
        remnants = false;
    }

    /// @throws SQLIntegrityConstraintViolationException if what it refers to is not recorded, or it is referred to
    void apply(Change change) throws SQLException {
        try {
            switch (change) {
                case Change.Put put -> put(put.record());
                case Change.Remove remove -> remove(remove.record());
            }
        } catch (SQLException failure) {
            throw StateException.code(failure) == SQLiteErrorCode.SQLITE_CONSTRAINT
                    ? dangling(change, failure)
                    : failure;
        }
    }

    private static SQLException dangling(Change change, SQLException failure) {
        var what = Tables.of(change.record()).name() + " " + change.record().key();
        return new SQLIntegrityConstraintViolationException(
                switch (change) {
                    case Change.Put put -> what + " refers to a record that is not there";
                    case Change.Remove remove -> "other records refer to " + what;
                },
                failure);
    }

    private <R extends StateRecord> void put(R record) throws SQLException {
        var table = Tables.of(record);
        var changed = without(table, record.key());
        var values = new ArrayList<>(table.values(record));
        long row = table.seal(values);
        values.add(row);
        update(table.upsert(), values);
        seal = changed.with(row);
    }

    private <R extends StateRecord> void remove(R record) throws SQLException {
        var table = Tables.of(record);
        var changed = without(table, record.key());
        update("DELETE FROM " + table.name() + " WHERE " + table.key() + " = ?", List.of(record.key()));
        seal = changed;
    }

    /// The seal if there were no row of this key.
    private Seal without(Table<?> table, String key) throws SQLException {
        var statement = prepare("SELECT seal FROM " + table.name() + " WHERE " + table.key() + " = ?", List.of(key));
        try (var row = statement.executeQuery()) {
            return row.next() ? seal.without(row.getLong(1)) : seal;
        }
    }

    private void update(String sql, List<? extends @Nullable Object> values) throws SQLException {
        prepare(sql, values).executeUpdate();
    }

    private PreparedStatement prepare(String sql, List<? extends @Nullable Object> values) throws SQLException {
        var statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
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
        close(connection);
    }

    static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException alreadyUnusable) {
            System.getLogger(Database.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot close the state: {0}", alreadyUnusable.getMessage());
        }
    }
}
