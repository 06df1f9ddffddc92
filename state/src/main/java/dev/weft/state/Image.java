package dev.weft.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/// A whole state file in memory, its log played into it. To look at one changes no file: SQLite itself would already
/// write when it only opens and closes a file that has a log.
final class Image {
    /// What `PRAGMA application_id` says of our files: the letters `Weft`.
    static final int APPLICATION_ID = 0x57656674;

    /// What `PRAGMA user_version` says; raised with every change of the tables.
    static final int FORMAT = 3;

    private static final String MAGIC = "SQLite format 3\0";
    private static final int HEADER = 100;

    /// Two bytes of the header (sqlite.org/fileformat2.html, section 1.3): 2 in a file that has a write-ahead log.
    private static final int JOURNAL = 18;

    private static final int WITHOUT_LOG = 0x0101;
    private static final int WITH_LOG = 0x0202;
    private static final int USER_VERSION = 60;
    private static final int APPLICATION = 68;

    /// What is read from an image.
    @FunctionalInterface
    interface Query<T> {
        T on(Connection connection) throws SQLException;
    }

    private final byte[] bytes;
    private final boolean inUse;

    private Image(byte[] bytes, boolean inUse) {
        this.bytes = bytes;
        this.inUse = inUse;
    }

    /// @throws DamagedException if it is no database, or if commits are missing in the log
    /// @throws StateException if it is of another program, or the log of another file
    static Image read(Path file, Path log) throws IOException {
        var bytes = Files.readAllBytes(file);
        checkHeader(bytes);
        var commits = WriteAheadLog.at(log);
        if (!isInUse(bytes) && !commits.isEmpty()) {
            throw new StateException.Unusable("cannot use the state in " + file + ": it is a backup, and " + log
                    + " is the log of another file. Move the log away.");
        }
        var image = of(commits.over(bytes), isInUse(bytes));
        if (image.number(APPLICATION) != APPLICATION_ID) {
            throw new StateException.Unusable("cannot use the state in " + file
                    + ": it is a database of another program. Move it away, or give the agent another --state.");
        }
        if (commits.isDamaged()) {
            throw new DamagedException("its log is broken in the middle");
        }
        return image;
    }

    private static void checkHeader(byte[] file) {
        if (file.length == 0) {
            throw new DamagedException("it is empty");
        }
        if (file.length < HEADER || !new String(file, 0, MAGIC.length(), ISO_8859_1).equals(MAGIC)) {
            throw new DamagedException("it does not begin as a database does");
        }
        int journal = journal(file);
        if (journal != WITH_LOG && journal != WITHOUT_LOG) {
            throw new DamagedException("its header was changed");
        }
    }

    private static int journal(byte[] file) {
        return ByteBuffer.wrap(file).getShort(JOURNAL);
    }

    private static boolean isInUse(byte[] file) {
        return journal(file) == WITH_LOG;
    }

    /// Bytes, as the header says.
    static int pageSize(byte[] file) {
        int size = Short.toUnsignedInt(ByteBuffer.wrap(file).getShort(16));
        return size == 1 ? 65536 : size;
    }

    private static Image of(byte[] file, boolean inUse) {
        var bytes = file.clone();
        ByteBuffer.wrap(bytes).putShort(JOURNAL, (short) WITHOUT_LOG);
        return new Image(bytes, inUse);
    }

    /// A new one. Records may be in any order.
    ///
    /// @throws SQLException if a record refers to one that is not there
    static Image of(List<? extends StateRecord> records) throws SQLException {
        try (var connection = inMemory()) {
            var database = new Database(connection, Seal.NONE, _ -> {});
            database.begin();
            database.create();
            for (var record : referredToFirst(records)) {
                database.apply(Change.put(record));
            }
            mark(database);
            database.commit();
            return copyOf(connection);
        }
    }

    private static List<? extends StateRecord> referredToFirst(List<? extends StateRecord> records) {
        return records.stream()
                .sorted(Comparator.comparingInt(record -> Tables.ALL.indexOf(Tables.of(record))))
                .toList();
    }

    static void mark(Database database) throws SQLException {
        database.execute("PRAGMA application_id = " + APPLICATION_ID);
        database.execute("PRAGMA user_version = " + FORMAT);
    }

    /// What the connection sees.
    static Image copyOf(Connection connection) throws SQLException {
        return of(connection.unwrap(SQLiteConnection.class).serialize("main"), false);
    }

    private static Connection inMemory() throws SQLException {
        var config = new SQLiteConfig();
        config.enforceForeignKeys(true);
        return config.createConnection("jdbc:sqlite::memory:");
    }

    /// As a file without a log.
    byte[] bytes() {
        return bytes.clone();
    }

    /// Whether it was read from a file that has been in use; else that is new, or a backup.
    boolean inUse() {
        return inUse;
    }

    int size() {
        return bytes.length;
    }

    int format() {
        return number(USER_VERSION);
    }

    private int number(int at) {
        return ByteBuffer.wrap(bytes).getInt(at);
    }

    /// @throws DamagedException if it cannot be read
    <T> T read(Query<T> query) {
        try (var connection = inMemory()) {
            connection.unwrap(SQLiteConnection.class).deserialize("main", bytes);
            return query.on(connection);
        } catch (SQLException | IllegalArgumentException unreadable) {
            throw new DamagedException(String.valueOf(unreadable.getMessage()));
        }
    }
}
