package dev.weft.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteConfig;

/// The file `weft.db` in the state folder, with its log `-wal`, the number of its last commit `-commits` and its lock
/// `-lock`: makes it, brings it to this format, and refuses what is damaged, foreign or newer, unchanged.
final class StateFile {
    static final String NAME = "weft.db";

    /// In this order: the log of a file that is locked for good needs no memory shared with other processes. And a
    /// transaction goes to the log in one piece: see [WriteAheadLog].
    private static final List<String> PRAGMAS =
            List.of("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL", "cache_spill = OFF");

    /// An open file, and what it had.
    record Opened(Database database, List<StateRecord> records, StateLock lock) {}

    /// A file that was looked at and found whole.
    record Found(Image image, Contents contents) {}

    /// Something to do while nobody else can.
    @FunctionalInterface
    private interface Locked<T> {
        T with(StateLock lock) throws SQLException, IOException;
    }

    private final Path folder;
    private final Path file;
    private final AcknowledgedCommits acknowledged;

    /// @throws StateException if `weft.db` is a link that leads nowhere
    StateFile(Path folder) {
        this.folder = folder.toAbsolutePath();
        file = followed(this.folder.resolve(NAME));
        acknowledged = new AcknowledgedCommits(beside("-commits"));
    }

    /// The log lies beside the file itself, not beside a link to it.
    private static Path followed(Path file) {
        try {
            return Files.isSymbolicLink(file) ? file.toRealPath() : file;
        } catch (IOException nowhere) {
            throw new StateException(
                    "cannot open the state in " + file + ": it is a link, and what it leads to cannot be reached."
                            + " Mount or restore that, or remove the link.",
                    nowhere);
        }
    }

    Path file() {
        return file;
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /// Opens the file; makes it if there is none. One process at a time may have it open.
    ///
    /// @throws StateException with what to do, if it cannot be used; nothing is changed then
    Opened open() {
        return locked(lock -> {
            if (!Files.exists(file)) {
                create();
            }
            var found = look();
            acknowledged.countFrom(found.contents().seal().commits());
            var connection = inWalMode(file);
            try {
                return new Opened(database(connection, found), found.contents().records(), lock);
            } catch (SQLException | IOException | RuntimeException unusable) {
                closeAfter(unusable, connection);
                throw unusable;
            }
        });
    }

    /// The lock is given back only if the work fails.
    private <T> T locked(Locked<T> work) {
        try {
            prepareFolder();
            var lock = StateLock.take(beside("-lock"), file);
            try {
                removeUnpackedLibraries();
                return work.with(lock);
            } catch (SQLException | IOException | RuntimeException failure) {
                closeAfter(failure, lock);
                throw failure;
            }
        } catch (DamagedException damage) {
            throw StateException.damaged(file, damage);
        } catch (StateException said) {
            throw said;
        } catch (Exception | LinkageError failure) { // a linkage error: SQLite's library cannot be unpacked or loaded
            throw StateException.cannotOpen(file, failure);
        }
    }

    private static void closeAfter(Exception failure, AutoCloseable open) {
        try {
            open.close();
        } catch (Exception further) {
            failure.addSuppressed(further);
        }
    }

    /// The state folder is root's alone. SQLite's native library is unpacked there too: /tmp may be shared or noexec.
    private void prepareFolder() throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (Files.isWritable(folder)) {
            System.setProperty("org.sqlite.tmpdir", folder.toString());
        }
    }

    /// SQLite's library is loaded by now, and needs its file no more; killed processes leave theirs behind.
    private void removeUnpackedLibraries() throws IOException {
        try (var unpacked = Files.newDirectoryStream(folder, "sqlite-*-libsqlitejdbc.so*")) {
            for (var library : unpacked) {
                Files.deleteIfExists(library);
            }
        }
    }

    private void create() throws IOException, SQLException {
        for (var rest : List.of(beside("-wal"), beside("-commits"))) {
            if (Files.exists(rest)) {
                throw new DamagedException("it is missing, and " + rest + " is there");
            }
        }
        removeHalf(file);
        WholeFile.write(file, Image.of(List.of()).bytes());
    }

    /// What a killed process left of a file of ours.
    private static void removeHalf(Path file) throws IOException {
        Files.deleteIfExists(WholeFile.half(file));
    }

    /// Looks while no agent has it, and changes nothing. Where there is no lock that could be taken, the file system is
    /// read-only, for instance, that is not made sure: what is read while it changes is found to be damaged.
    ///
    /// @throws StateException if there is no such file, it is held, or it cannot be used
    Found lookAlone() {
        if (!Files.exists(file)) {
            throw new StateException(
                    "there is no state in " + folder.resolve(NAME) + ". Give the folder of an agent with --state.");
        }
        try (var _ = StateLock.takeIfThere(beside("-lock"), file)) {
            return look();
        } catch (DamagedException damage) {
            throw StateException.damaged(file, damage);
        } catch (IOException | SQLException failure) {
            throw StateException.cannotOpen(file, failure);
        }
    }

    /// Reads the file, and changes nothing.
    ///
    /// @throws DamagedException if it is not what was written
    /// @throws StateException if it is of another program or format
    Found look() throws IOException {
        var image = Image.read(file, beside("-wal"));
        if (image.format() == Format1.NUMBER) {
            return new Found(image, image.read(Format1::read));
        }
        if (image.format() != Image.FORMAT && image.format() != Format2.NUMBER) {
            throw new StateException.Unusable("cannot use the state in " + file + ": it is of format " + image.format()
                    + " and this agent knows format " + Image.FORMAT
                    + ". Install the Weft that wrote it, or a newer one.");
        }
        var contents = image.format() == Format2.NUMBER ? image.read(Format2::read) : image.read(Contents::of);
        long commits = contents.seal().commits();
        if (image.inUse() && commits < acknowledged.last()) {
            throw new DamagedException("commits " + (commits + 1) + " to " + acknowledged.last()
                    + " are missing: its log was lost or cut, or it is an older file (then remove "
                    + acknowledged.file() + ")");
        }
        return new Found(image, contents);
    }

    private Database database(Connection connection, Found found) throws SQLException, IOException {
        var seal = found.contents().seal();
        int format = found.image().format();
        if (format != Image.FORMAT) {
            var kept = beside(".format-" + format);
            removeHalf(kept);
            WholeFile.write(kept, found.image().bytes());
            var database = new Database(connection, Seal.NONE.after(seal.commits()), acknowledged::acknowledge);
            migrate(
                    database,
                    format == Format1.NUMBER ? Format1.TABLES : Format2.TABLES,
                    found.contents().records());
            database.emptyLog();
            return database;
        }
        var database = new Database(connection, seal, acknowledged::acknowledge);
        if (!seal.equals(Contents.writtenSeal(connection))) {
            throw new StateException("cannot open the state in " + file
                    + ": another program has just changed it. End that program, then restart the agent.");
        }
        database.emptyLog();
        return database;
    }

    /// @param tables of the older format, in an order in which they can be dropped
    static void migrate(Database database, List<String> tables, List<StateRecord> records) throws SQLException {
        database.begin();
        for (var table : tables) {
            database.execute("DROP TABLE " + table);
        }
        database.create();
        for (var record : records) {
            database.apply(Change.put(record));
        }
        Image.mark(database);
        database.commit();
        database.read();
    }

    /// Puts a new file with these records in the place of the one that is there, damaged or not, which is kept as
    /// `weft.db.damaged-1` or the next such name, with its log. Whenever this ends, the one or the other is there.
    ///
    /// @return where the old file is now
    Optional<Path> replace(List<? extends StateRecord> records) {
        return locked(lock -> {
            var old = firstFree();
            var image = image(records);
            removeHalf(file);
            try (var made = WholeFile.beside(file, image.bytes())) {
                exchange(made, old);
            }
            WholeFile.syncFolder(file);
            Files.deleteIfExists(log(file)); // of the old file: beside a new one it would be refused
            WholeFile.syncFolder(file);
            lock.close();
            return Files.exists(old) ? Optional.of(old) : Optional.empty();
        });
    }

    private Image image(List<? extends StateRecord> records) throws SQLException {
        try {
            return Image.of(records);
        } catch (SQLIntegrityConstraintViolationException dangling) {
            throw new StateException(
                    "cannot make a new state in " + file + ": " + dangling.getMessage() + ". Nothing was changed.",
                    dangling);
        }
    }

    private void exchange(WholeFile made, Path old) throws IOException {
        try {
            keep(old);
            made.takePlace();
        } catch (IOException failure) {
            forget(old, failure);
            throw failure;
        }
    }

    /// A second name of the file, and one of its log: until the new one is there, all stays as it is.
    private void keep(Path old) throws IOException {
        if (Files.exists(file)) {
            Files.createLink(old, file);
        }
        if (Files.exists(log(file))) {
            Files.createLink(log(old), log(file));
        }
        WholeFile.syncFolder(file);
    }

    private static void forget(Path old, IOException failure) {
        try {
            Files.deleteIfExists(old);
            Files.deleteIfExists(log(old));
        } catch (IOException further) {
            failure.addSuppressed(further);
        }
    }

    private Path firstFree() {
        for (int i = 1; ; i++) {
            var free = beside(".damaged-" + i);
            if (!Files.exists(free) && !Files.exists(log(free))) {
                return free;
            }
        }
    }

    private static Path log(Path file) {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    static Connection inWalMode(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout(0);
        config.enforceForeignKeys(true);
        var connection = config.createConnection("jdbc:sqlite:" + file);
        try (var statement = connection.createStatement()) {
            for (var pragma : PRAGMAS) {
                statement.execute("PRAGMA " + pragma);
            }
            return connection;
        } catch (SQLException failure) {
            closeAfter(failure, connection);
            throw failure;
        }
    }
}
