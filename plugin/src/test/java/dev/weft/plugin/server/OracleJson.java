package dev.weft.plugin.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Another's JSON parser, Jackson, made as strict as the one under test.
final class OracleJson {
    private static final int LEVELS = 32;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(LEVELS)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private OracleJson() {}

    /// The fields of the object, without those that are null; empty if the text is not one JSON object.
    static Optional<Map<?, ?>> object(String text) {
        try (var parser = FACTORY.createParser(text)) {
            parser.nextToken();
            var value = value(parser);
            if (value instanceof Map<?, ?> object && parser.nextToken() == null) {
                object.values().removeIf(field -> field == null);
                return Optional.of(object);
            }
            return Optional.empty();
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var object = new LinkedHashMap<String, Object>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    var name = whole(parser.getText());
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                var list = new ArrayList<Object>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> whole(parser.getText());
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? finite(parser)
                        : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> finite(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new IOException("no value");
        };
    }

    private static double finite(JsonParser parser) throws IOException {
        double number = Double.parseDouble(parser.getText());
        if (Double.isInfinite(number)) {
            throw new IOException("too large");
        }
        return number;
    }

    /// Jackson takes halves of surrogate pairs.
    private static String whole(String text) throws IOException {
        if (text.codePoints().anyMatch(code -> Character.getType(code) == Character.SURROGATE)) {
            throw new IOException("half a surrogate pair");
        }
        return text;
    }
}
