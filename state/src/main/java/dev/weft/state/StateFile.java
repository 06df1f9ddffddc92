package dev.weft.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.LockingMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/// The file `weft.db` in the state folder: makes it, brings it to this format, and refuses what is damaged, foreign or
/// newer, unchanged.
final class StateFile {
    static final String NAME = "weft.db";

    /// What `PRAGMA application_id` says of our files: the letters `Weft`.
    private static final int APPLICATION_ID = 0x57656674;

    /// What `PRAGMA user_version` says; raised with every change of the tables.
    static final int FORMAT = 2;

    /// An open file, and what it had.
    record Opened(Database database, List<StateRecord> records) {}

    private final Path folder;
    private final Path file;

    StateFile(Path folder) {
        this.folder = folder.toAbsolutePath();
        file = folder.resolve(NAME);
    }

    /// Opens the file; makes it if there is none. One process at a time may have it open.
    ///
    /// @throws StateException with what to do, if it cannot be used; nothing is changed then
    Opened open() {
        try {
            prepareFolder();
            if (!Files.exists(file)) {
                create();
            }
            if (Files.size(file) == 0 || WriteAheadLog.isDamaged(beside("-wal"))) {
                throw new DamagedException(Files.size(file) == 0 ? "it is empty" : "its log is broken in the middle");
            }
            var connection = connect(file);
            try {
                var opened = opened(connection);
                removeUnpackedLibraries();
                return opened;
            } catch (SQLException | RuntimeException unusable) {
                closeAfter(unusable, connection);
                throw unusable;
            }
        } catch (SQLException | IOException failure) {
            throw unusable(failure);
        } catch (DamagedException damage) {
            throw damaged(file, damage);
        }
    }

    private static void closeAfter(Exception failure, Connection connection) {
        try {
            connection.close();
        } catch (SQLException further) {
            failure.addSuppressed(further);
        }
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /// The state folder is root's alone. SQLite's native library is unpacked there too: /tmp may be shared or noexec.
    private void prepareFolder() throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        System.setProperty("org.sqlite.tmpdir", folder.toString());
    }

    /// SQLite's library is loaded by now, and needs its file no more; killed processes leave theirs behind.
    private void removeUnpackedLibraries() throws IOException {
        try (var unpacked = Files.newDirectoryStream(folder, "sqlite-*-libsqlitejdbc.so*")) {
            for (var library : unpacked) {
                Files.deleteIfExists(library);
            }
        }
    }

    /// Under another name until it is whole: an empty `weft.db` is a damaged one.
    private void create() throws IOException, SQLException {
        if (Files.exists(beside("-wal"))) {
            throw new DamagedException("its log is there, and it is not");
        }
        var fresh = beside(".new");
        Files.deleteIfExists(fresh);
        Files.deleteIfExists(fresh.resolveSibling(fresh.getFileName() + "-wal"));
        try (var connection = connect(fresh)) {
            var database = new Database(connection);
            database.begin();
            database.create();
            mark(database);
            database.execute("COMMIT");
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
    }

    /// A rename is on the disk when its folder is (fsync(2)).
    private static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void mark(Database database) throws SQLException {
        database.execute("PRAGMA application_id = " + APPLICATION_ID);
        database.execute("PRAGMA user_version = " + FORMAT);
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

    private Opened opened(Connection connection) throws SQLException, IOException {
        int format = number(connection, "PRAGMA user_version");
        int application = number(connection, "PRAGMA application_id");
        if (application != APPLICATION_ID) {
            throw new StateException("cannot use the state in " + file
                    + ": it is a database of another program. Move it away, or give the agent another --state.");
        }
        var database = new Database(connection);
        if (format == Format1.NUMBER) {
            migrate(database, connection);
        } else if (format != FORMAT) {
            throw new StateException("cannot use the state in " + file + ": it is of format " + format
                    + " and this agent knows format " + FORMAT + ". Install the Weft that wrote it, or a newer one.");
        }
        var records = database.readAll();
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)"); // a log has the commits of one process: WriteAheadLog
        return new Opened(database, records);
    }

    private static int number(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            return row.getInt(1);
        }
    }

    /// Keeps a copy of the old file beside the new one.
    private void migrate(Database database, Connection connection) throws SQLException, IOException {
        var records = new ArrayList<>(Format1.read(connection));
        var copy = beside(".format-" + Format1.NUMBER);
        Files.deleteIfExists(copy);
        database.copyTo(copy);
        database.begin();
        for (var table : Format1.TABLES) {
            database.execute("DROP TABLE " + table);
        }
        database.create();
        for (var record : records) {
            database.apply(Change.put(record));
        }
        mark(database);
        database.commit();
    }

    private StateException unusable(Exception failure) {
        var text = String.valueOf(failure.getMessage());
        if (text.contains("SQLITE_BUSY")) {
            return new StateException(
                    "cannot open the state in " + file
                            + ": another process holds it. Stop the other agent, or give this one another --state.",
                    failure);
        }
        if (text.contains("SQLITE_CORRUPT") || text.contains("SQLITE_NOTADB")) {
            return damaged(file, failure);
        }
        return new StateException(
                "cannot open the state in " + file + ": " + failure.getMessage()
                        + ". Check that the disk is not full and is writable, then restart the agent.",
                failure);
    }

    static StateException damaged(Path file, Exception damage) {
        return new StateException(
                "the state in " + file + " is damaged: " + damage.getMessage()
                        + ". Running containers keep their networks. Put a backup in its place, or run"
                        + " 'weft state rebuild', then restart the agent.",
                damage);
    }
}
