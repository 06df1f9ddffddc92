package dev.weft.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A row being read. Methods throw [IllegalArgumentException] for what no record can have.
record Row(ResultSet row) {
    String text(String column) throws SQLException {
        var text = optionalText(column);
        if (text == null) {
            throw new IllegalArgumentException("column " + column + " is empty");
        }
        return text;
    }

    @Nullable
    String optionalText(String column) throws SQLException {
        return row.getString(column);
    }

    <T> T value(String column, Function<String, T> parser) throws SQLException {
        return parser.apply(text(column));
    }

    <T> @Nullable T optional(String column, Function<String, T> parser) throws SQLException {
        var text = optionalText(column);
        return text == null ? null : parser.apply(text);
    }

    int number(String column) throws SQLException {
        return row.getInt(column);
    }

    long longNumber(String column) throws SQLException {
        return row.getLong(column);
    }

    boolean flag(String column) throws SQLException {
        return number(column) != 0;
    }

    Map<String, String> pairs(String column) throws SQLException {
        return value(column, Pairs::read);
    }
}
