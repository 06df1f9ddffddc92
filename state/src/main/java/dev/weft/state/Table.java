package dev.weft.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// How the records of one kind stand in the database: a row each, whose first column is the key and whose last is the
/// seal, a checksum of the others. SQLite itself has none for its pages.
///
/// @param columns their values are text, whole numbers or null
record Table<R extends StateRecord>(Class<R> type, String name, List<Column<R>> columns, Reader<R> reader) {
    /// @param definition what stands behind the name in `CREATE TABLE`
    record Column<R>(String name, String definition, Function<R, @Nullable Object> value) {}

    /// Makes a record of a row.
    @FunctionalInterface
    interface Reader<R> {
        R read(Row row);
    }

    static final String SEAL = "seal";

    Table {
        columns = List.copyOf(columns);
    }

    /// The name of the first column.
    String key() {
        return columns.getFirst().name();
    }

    String creation() {
        return columns.stream()
                        .map(column -> column.name() + " " + column.definition())
                        .collect(joining(", ", "CREATE TABLE " + name + " (", ", " + SEAL + " INTEGER NOT NULL)"))
                + " STRICT, WITHOUT ROWID";
    }

    String upsert() {
        var names = Stream.concat(columns.stream().map(Column::name), Stream.of(SEAL))
                .toList();
        return "INSERT INTO " + name + " VALUES ("
                + String.join(", ", names.stream().map(all -> "?").toList())
                + ") ON CONFLICT (" + key() + ") DO UPDATE SET "
                + names.stream()
                        .skip(1)
                        .map(column -> column + " = excluded." + column)
                        .collect(joining(", "));
    }

    /// All values of the record's row but the seal.
    List<@Nullable Object> values(R record) {
        var values = new ArrayList<@Nullable Object>();
        columns.forEach(column -> values.add(column.value().apply(record)));
        return values;
    }

    /// CRC-32C (RFC 3720, section 12.1): finds every change of up to 32 neighboring bits.
    long seal(List<@Nullable Object> values) {
        var sum = new CRC32C();
        sum.update(name.getBytes(UTF_8));
        for (var value : values) {
            sum.update(value == null ? 0 : 1);
            if (value != null) {
                sum.update(value.toString().getBytes(UTF_8));
            }
        }
        return sum.getValue();
    }
}
