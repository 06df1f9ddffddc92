package dev.weft.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A row that was read. Methods throw [IllegalArgumentException] for what no record can have.
///
/// @param columns where the value of each column is
/// @param values  text, whole numbers or null
record Row(Map<String, Integer> columns, List<@Nullable Object> values) {
    static Map<String, Integer> columns(ResultSet rows) throws SQLException {
        var columns = new HashMap<String, Integer>();
        for (int i = 0; i < rows.getMetaData().getColumnCount(); i++) {
            columns.put(rows.getMetaData().getColumnName(i + 1), i);
        }
        return columns;
    }

    /// The row at which the result is.
    static Row at(ResultSet rows, Map<String, Integer> columns) throws SQLException {
        var values = new ArrayList<@Nullable Object>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            values.add(rows.getObject(i + 1));
        }
        return new Row(columns, values);
    }

    private @Nullable Object optional(String column) {
        var index = columns.get(column);
        if (index == null) {
            throw new IllegalArgumentException("there is no column " + column);
        }
        return values.get(index);
    }

    private Object value(String column) {
        var value = optional(column);
        if (value == null) {
            throw new IllegalArgumentException("column " + column + " is empty");
        }
        return value;
    }

    String text(String column) {
        return value(column).toString();
    }

    @Nullable
    String optionalText(String column) {
        var value = optional(column);
        return value == null ? null : value.toString();
    }

    <T> T value(String column, Function<String, T> parser) {
        return parser.apply(text(column));
    }

    <T> @Nullable T optional(String column, Function<String, T> parser) {
        var text = optionalText(column);
        return text == null ? null : parser.apply(text);
    }

    long longNumber(String column) {
        if (value(column) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("column " + column + " has no number");
    }

    int number(String column) {
        return (int) longNumber(column);
    }

    boolean flag(String column) {
        return longNumber(column) != 0;
    }

    Map<String, String> pairs(String column) {
        return value(column, Pairs::read);
    }
}
