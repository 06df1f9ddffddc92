package dev.weft.plugin.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether a text is a JSON object by the grammar of RFC 8259: slow, and simple enough to be seen to be right. It takes
/// the innermost objects and lists out of the text, one by one, until a single one is left.
final class JsonSyntax {
    private static final String SPACE = "[ \\t\\n\\r]*";

    /// RFC 8259, section 7, with surrogates in pairs only.
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\\\x00-\\x1f\\ud800-\\udfff]++"
            + "|\\\\[\"\\\\/bfnrt]|\\\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4}"
            + "|\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2})*+\"");

    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");

    /// RFC 8259, section 6, and the three words of section 3.
    private static final String SCALAR = "(?:-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)";

    /// A text is `S` and its number, what was taken out is `C`.
    private static final String VALUE = "(?:S[0-9]+;|C|" + SCALAR + ")";
    private static final String MEMBER = "S[0-9]+;" + SPACE + ":" + SPACE + VALUE;
    private static final Pattern LIST = Pattern.compile("\\[" + SPACE + "(?:" + items(VALUE) + ")?\\]");
    private static final Pattern OBJECT = Pattern.compile("\\{" + SPACE + "(?:" + items(MEMBER) + ")?\\}");
    private static final Pattern INNERMOST = Pattern.compile("[{\\[][^{}\\[\\]]*+[}\\]]");
    private static final Pattern NAME = Pattern.compile("S([0-9]+);" + SPACE + ":");

    private JsonSyntax() {}

    private static String items(String item) {
        return item + SPACE + "(?:," + SPACE + item + SPACE + ")*+";
    }

    /// Also refused: a name twice in an object. Depth and size are not limited.
    static boolean isObject(String text) {
        if (STRING.matcher(text).replaceAll("").matches("(?s).*[SC].*")) {
            return false; // our marks, in a place where no JSON has letters like them
        }
        var strings = new ArrayList<String>();
        var left = STRING.matcher(text).replaceAll(string -> {
            strings.add(unescaped(string.group()));
            return "S" + (strings.size() - 1) + ";";
        });
        while (true) {
            if (left.matches(SPACE + OBJECT.pattern() + SPACE)) {
                return hasEachNameOnce(left, strings);
            }
            var inner = INNERMOST.matcher(left);
            if (!inner.find()) {
                return false;
            }
            var part = inner.group();
            boolean right =
                    LIST.matcher(part).matches() || OBJECT.matcher(part).matches() && hasEachNameOnce(part, strings);
            if (!right) {
                return false;
            }
            left = left.substring(0, inner.start()) + "C" + left.substring(inner.end());
        }
    }

    private static boolean hasEachNameOnce(String object, List<String> strings) {
        var names = new HashSet<String>();
        return NAME.matcher(object).results().allMatch(name -> names.add(strings.get(Integer.parseInt(name.group(1)))));
    }

    private static String unescaped(String string) {
        return ESCAPE.matcher(string).replaceAll(escape -> {
            var code = escape.group(1);
            char c = code.startsWith("u")
                    ? (char) Integer.parseInt(code.substring(1), 16)
                    : "\"\\/\b\f\n\r\t".charAt("\"\\/bfnrt".indexOf(code));
            return Matcher.quoteReplacement(String.valueOf(c));
        });
    }
}
