package dev.weft.state;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.LockingMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/// The SQLite file and its tables. Not safe for use by several threads: [Writer] owns it after opening.
final class Database implements AutoCloseable {
    /// What `PRAGMA application_id` says of our files: the letters `Weft`.
    private static final int APPLICATION_ID = 0x57656674;

    /// What `PRAGMA user_version` says; raised with every change of the tables.
    static final int FORMAT = 1;

    private static final List<String> TABLES =
            List.of("""
            CREATE TABLE network (
              id       TEXT PRIMARY KEY,
              mode     TEXT NOT NULL,
              mtu      INTEGER NOT NULL,
              internal INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID""", """
            CREATE TABLE network_pool (
              network  TEXT NOT NULL REFERENCES network ON DELETE CASCADE,
              position INTEGER NOT NULL,
              subnet   TEXT NOT NULL,
              gateway  TEXT,
              PRIMARY KEY (network, position)
            ) STRICT, WITHOUT ROWID""", """
            CREATE TABLE network_option (
              network TEXT NOT NULL REFERENCES network ON DELETE CASCADE,
              name    TEXT NOT NULL,
              value   TEXT NOT NULL,
              PRIMARY KEY (network, name)
            ) STRICT, WITHOUT ROWID""", """
            CREATE TABLE endpoint (
              id      TEXT PRIMARY KEY,
              network TEXT NOT NULL REFERENCES network ON DELETE CASCADE,
              ipv4    TEXT,
              ipv6    TEXT,
              mac     TEXT NOT NULL,
              sandbox TEXT
            ) STRICT, WITHOUT ROWID""", "CREATE INDEX endpoint_network ON endpoint (network)");

    private final Connection connection;

    private Database(Connection connection) {
        this.connection = connection;
    }

    static Database open(Path file) {
        try {
            prepareFolder(file);
            var database = new Database(connect(file));
            try {
                database.checkOrCreate(file);
                removeUnpackedLibraries(file);
                return database;
            } catch (SQLException | StateException unusable) {
                database.close();
                throw unusable;
            }
        } catch (SQLException | IOException failure) {
            throw damaged(file, failure);
        }
    }

    static StateException damaged(Path file, Exception failure) {
        boolean inUse = String.valueOf(failure.getMessage()).contains("SQLITE_BUSY");
        return new StateException(
                "cannot open the state in " + file + ": "
                        + (inUse
                                ? "another process holds it. Stop the other agent, or give this one another --state."
                                : failure.getMessage() + ". Check the disk; restore the file from a backup."),
                failure);
    }

    /// The state folder is root's alone. SQLite's native library is unpacked there too: /tmp may be shared or noexec.
    private static void prepareFolder(Path file) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            System.setProperty("org.sqlite.tmpdir", folder.toString());
        }
    }

    /// SQLite's library is loaded by now, and needs its file no more; killed processes leave theirs behind.
    private static void removeUnpackedLibraries(Path file) throws IOException {
        try (var unpacked = Files.newDirectoryStream(file.toAbsolutePath().getParent(), "sqlite-*-libsqlitejdbc.so*")) {
            for (var library : unpacked) {
                Files.deleteIfExists(library);
            }
        }
    }

    private static Connection connect(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setLockingMode(LockingMode.EXCLUSIVE);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(0);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    private void checkOrCreate(Path file) throws SQLException {
        int format = pragma("user_version");
        int application = pragma("application_id");
        if (application == APPLICATION_ID && format == FORMAT) {
            return;
        }
        if (application == APPLICATION_ID) {
            throw new StateException("cannot use the state in " + file + ": it is of format " + format
                    + " and this agent knows format " + FORMAT + ". Install the Weft that wrote it, or a newer one.");
        }
        if (application != 0 || tables() != 0) {
            throw new StateException("cannot use the state in " + file
                    + ": it is a database of another program. Move it away, or give the agent another --state.");
        }
        begin();
        for (var table : TABLES) {
            execute(table);
        }
        execute("PRAGMA application_id = " + APPLICATION_ID);
        execute("PRAGMA user_version = " + FORMAT);
        commit();
    }

    private int pragma(String name) throws SQLException {
        return number("PRAGMA " + name);
    }

    private int tables() throws SQLException {
        return number("SELECT count(*) FROM sqlite_schema");
    }

    private int number(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            return row.getInt(1);
        }
    }

    void begin() throws SQLException {
        execute("BEGIN IMMEDIATE");
    }

    void commit() throws SQLException {
        execute("COMMIT");
    }

    void savepoint() throws SQLException {
        execute("SAVEPOINT change");
    }

    void release() throws SQLException {
        execute("RELEASE change");
    }

    void rollBackToSavepoint() throws SQLException {
        execute("ROLLBACK TO change");
        release();
    }

    /// Ends a failed transaction; a further failure is added to the first.
    void rollBack(SQLException failure) {
        try {
            execute("ROLLBACK");
        } catch (SQLException further) {
            failure.addSuppressed(further);
        }
    }

    void put(NetworkRecord network) throws SQLException {
        update(
                "INSERT INTO network VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
                        + " SET mode = excluded.mode, mtu = excluded.mtu, internal = excluded.internal",
                network.id(),
                network.mode(),
                network.mtu(),
                network.internal() ? 1 : 0);
        update("DELETE FROM network_pool WHERE network = ?", network.id());
        for (int i = 0; i < network.pools().size(); i++) {
            var pool = network.pools().get(i);
            update("INSERT INTO network_pool VALUES (?, ?, ?, ?)", network.id(), i, pool.subnet(), pool.gateway());
        }
        update("DELETE FROM network_option WHERE network = ?", network.id());
        for (var option : network.options().entrySet()) {
            update("INSERT INTO network_option VALUES (?, ?, ?)", network.id(), option.getKey(), option.getValue());
        }
    }

    void put(EndpointRecord endpoint) throws SQLException {
        update(
                "INSERT INTO endpoint VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
                        + " SET network = excluded.network, ipv4 = excluded.ipv4, ipv6 = excluded.ipv6,"
                        + " mac = excluded.mac, sandbox = excluded.sandbox",
                endpoint.id(),
                endpoint.networkId(),
                endpoint.ipv4(),
                endpoint.ipv6(),
                endpoint.mac(),
                endpoint.sandbox());
    }

    void removeNetwork(String id) throws SQLException {
        update("DELETE FROM network WHERE id = ?", id);
    }

    void removeEndpoint(String id) throws SQLException {
        update("DELETE FROM endpoint WHERE id = ?", id);
    }

    List<NetworkRecord> networks() throws SQLException {
        var networks = new ArrayList<NetworkRecord>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT id, mode, mtu, internal FROM network")) {
            while (row.next()) {
                var id = row.getString("id");
                networks.add(new NetworkRecord(
                        id,
                        row.getString("mode"),
                        row.getInt("mtu"),
                        row.getBoolean("internal"),
                        pools(id),
                        options(id)));
            }
        }
        return networks;
    }

    private List<PoolRecord> pools(String network) throws SQLException {
        var pools = new ArrayList<PoolRecord>();
        try (var statement = prepare(
                        "SELECT subnet, gateway FROM network_pool WHERE network = ? ORDER BY position", network);
                var row = statement.executeQuery()) {
            while (row.next()) {
                pools.add(new PoolRecord(Subnet.parse(row.getString("subnet")), cidr(row, "gateway")));
            }
        }
        return pools;
    }

    private Map<String, String> options(String network) throws SQLException {
        var options = new TreeMap<String, String>();
        try (var statement = prepare("SELECT name, value FROM network_option WHERE network = ?", network);
                var row = statement.executeQuery()) {
            while (row.next()) {
                options.put(row.getString("name"), row.getString("value"));
            }
        }
        return options;
    }

    List<EndpointRecord> endpoints() throws SQLException {
        var endpoints = new ArrayList<EndpointRecord>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT id, network, ipv4, ipv6, mac, sandbox FROM endpoint")) {
            while (row.next()) {
                endpoints.add(new EndpointRecord(
                        row.getString("id"),
                        row.getString("network"),
                        cidr(row, "ipv4"),
                        cidr(row, "ipv6"),
                        MacAddress.parse(row.getString("mac")),
                        row.getString("sandbox")));
            }
        }
        return endpoints;
    }

    private static @Nullable Cidr cidr(ResultSet row, String column) throws SQLException {
        var text = row.getString(column);
        return text == null ? null : Cidr.parse(text);
    }

    private void update(String sql, @Nullable Object... values) throws SQLException {
        try (var statement = prepare(sql, values)) {
            statement.executeUpdate();
        }
    }

    private PreparedStatement prepare(String sql, @Nullable Object... values) throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            var value = values[i];
            statement.setObject(i + 1, value == null || value instanceof Integer ? value : value.toString());
        }
        return statement;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
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
