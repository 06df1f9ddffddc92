package dev.weft.state;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The store cannot be read or written; the message is a sentence for the operator.
public sealed class StateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StateException(String message, Throwable cause) {
        super(message, cause);
    }

    StateException(String message) {
        super(message);
    }

    /// It was read, and is not what this agent can serve: a state that could not be looked at is none of these.
    static final class Unusable extends StateException {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }

        Unusable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static StateException held(Path file, Exception failure) {
        return new StateException(
                "cannot open the state in " + file
                        + ": another process holds it. Stop the other agent, or give this one another --state.",
                failure);
    }

    static StateException damaged(Path file, Exception damage) {
        return new Unusable(
                "the state in " + file + " is damaged: " + damage.getMessage()
                        + ". Running containers keep their networks. Run 'weft state"
                        + " rebuild' while Docker runs, or put a backup in its place, then restart the agent.",
                damage);
    }

    /// Of a failure to open the file, of whatever kind.
    static StateException cannotOpen(Path file, Throwable failure) {
        return switch (code(failure)) {
            case SQLITE_BUSY -> held(file, (Exception) failure);
            case SQLITE_CORRUPT, SQLITE_NOTADB -> damaged(file, (Exception) failure);
            default ->
                new StateException(
                        "cannot open the state in " + file + ": " + reason(failure)
                                + ". Check that the disk is not full and is writable, then restart the agent.",
                        failure);
        };
    }

    /// SQLite's primary result code (sqlite.org/rescode.html).
    static SQLiteErrorCode code(Throwable failure) {
        return failure instanceof SQLiteException sqlite
                ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)
                : SQLiteErrorCode.UNKNOWN_ERROR;
    }

    /// What Java says of a file is often its name alone.
    static String reason(Throwable failure) {
        return switch (failure) {
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case NoSuchFileException missing -> missing.getFile() + " is not there";
            case FileAlreadyExistsException other -> other.getFile() + " is there and is something else";
            case FileSystemException failed ->
                failed.getFile() + ": "
                        + Optional.ofNullable(failed.getReason()).orElse("it cannot be used");
            case SQLException opening
            when opening.getCause() instanceof NativeLibraryNotFoundException ->
                "SQLite's library cannot be unpacked there, or not be loaded";
            default -> String.valueOf(failure.getMessage());
        };
    }
}
