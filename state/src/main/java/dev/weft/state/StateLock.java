package dev.weft.state;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/// Held on an empty file beside the state by the one process that may open it. `weft.db` cannot be the lock: who opens
/// it and closes it again to look at it would give away all locks that the process has on it (fcntl(2)). SQLite keeps
/// this one right between the threads of one process too.
final class StateLock implements AutoCloseable {
    private final @Nullable Connection connection;

    private StateLock(@Nullable Connection connection) {
        this.connection = connection;
    }

    /// @throws StateException if another process, or another part of this one, holds it
    static StateLock take(Path lock, Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout(0);
        var connection = config.createConnection("jdbc:sqlite:" + lock);
        try (var statement = connection.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            return new StateLock(connection);
        } catch (SQLException held) {
            Database.close(connection);
            if (StateException.code(held) == SQLiteErrorCode.SQLITE_BUSY) {
                throw StateException.held(file, held);
            }
            throw held;
        }
    }

    /// Held by nobody, where there is none to hold: a folder that no agent has had, or that cannot be written to.
    static StateLock takeIfThere(Path lock, Path file) throws SQLException {
        return Files.isWritable(lock) ? take(lock, file) : new StateLock(null);
    }

    @Override
    public void close() {
        if (connection != null) {
            Database.close(connection);
        }
    }
}
