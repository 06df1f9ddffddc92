package dev.weft.system;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.Name;
import javax.tools.ToolProvider;

/// The messages in Java sources, found by the rule that docs/messages.md ends with. The sources are parsed, not run.
///
/// A text is literals that are put together with values; in its pattern each value is `…`.
final class Messages {
    /// Thrown for faults of Weft's own code: who runs it sees that "the plugin failed unexpectedly".
    private static final Set<String> FAULTS = Set.of("IllegalStateException", "AssertionError");

    /// What parameters and variables are called that hold a part of a sentence.
    private static final Set<String> PARTS =
            Set.of("doing", "verb", "title", "thing", "expected", "needed", "where", "version");

    /// Types that describe what can be given, or what is there.
    private static final Set<String> DESCRIPTIONS =
            Set.of("Option", "Text", "Many", "Errno", "Request", "HttpResponse", "Special", "Report");

    /// Methods that take texts which nobody is told.
    private static final Set<String> UNTOLD = Set.of("key", "requireNonNull", "compile");

    /// What is shorter, and is neither thrown nor logged, is a part of a sentence.
    private static final int FEWEST_WORDS = 4;

    private static final int NEVER = Integer.MAX_VALUE;

    private final Set<String> exceptions = new HashSet<>();

    private final List<Declaration> declarations = new ArrayList<>();

    private final Map<String, String> found = new TreeMap<>();

    /// @param type in which it is declared; a constructor has its type's name
    private record Declaration(String type, String name, List<String> parameters) {}

    private Messages() {}

    /// @param folders of sources
    /// @return the file of each pattern
    static Map<String, String> in(List<Path> folders) throws IOException {
        var files = new ArrayList<Path>();
        for (var folder : folders) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.toString().contains("/plugin/client/"))
                        .filter(file -> !file.endsWith(Path.of("plan", "Step.java")))
                        .forEach(files::add);
            }
        }
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask)
                    compiler.getTask(null, manager, null, List.of(), null, manager.getJavaFileObjectsFromPaths(files));
            var messages = new Messages();
            var units = task.parse();
            units.forEach(unit -> messages.new Declarations().scan(unit, null));
            units.forEach(unit -> messages.new Texts().scan(unit, null));
            return messages.found;
        }
    }

    /// What shell scripts end with: `die "…"`, where what the shell puts in is a value.
    ///
    /// @param home folder of scripts, and of folders with scripts
    static Map<String, String> inScripts(Path home) throws IOException {
        var found = new TreeMap<String, String>();
        try (Stream<Path> files = Files.find(home, 3, (file, is) -> is.isRegularFile() && isScript(home, file))) {
            for (var script : files.toList()) {
                var sentences = Pattern.compile("\\bdie \"((?:\\$\\([^)]*\\)|[^\"])+)\"")
                        .matcher(Files.readString(script));
                while (sentences.find()) {
                    found.putIfAbsent(
                            sentences.group(1).replaceAll("\\$(\\([^)]*\\)|\\{\\w+}|\\w+)", "…"),
                            home.relativize(script).toString());
                }
            }
        }
        return found;
    }

    private static boolean isScript(Path home, Path file) {
        return !file.getFileName().toString().contains(".")
                && !home.relativize(file).toString().matches("(\\..*|.*\\btarget/.*)");
    }

    private static String pattern(Tree text) {
        return written(text)
                .replaceAll("\\{\\d}", "…")
                .replace("''", "'")
                .replaceAll("…+", "…")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String written(Tree text) {
        return switch (text) {
            case LiteralTree literal when literal.getKind() == Kind.STRING_LITERAL -> (String) literal.getValue();
            case BinaryTree sum
            when sum.getKind() == Kind.PLUS -> written(sum.getLeftOperand()) + written(sum.getRightOperand());
            case ParenthesizedTree inner -> written(inner.getExpression());
            default -> "…";
        };
    }

    /// Values are words too; in SQL, and of other marks alone, there are none.
    private static int words(String pattern) {
        return pattern.matches("(CREATE|INSERT|PRAGMA|SELECT|TEXT|UPDATE) .*|[^a-z]*") ? 0 : pattern.split(" ").length;
    }

    private static String lastWord(Tree name) {
        var text = name.toString().replaceAll("<.*", "");
        return text.substring(text.lastIndexOf('.') + 1);
    }

    private final class Declarations extends TreePathScanner<Void, Void> {
        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            var parent = type.getExtendsClause();
            if (parent != null && lastWord(parent).endsWith("Exception")) {
                exceptions.add(type.getSimpleName().toString());
            }
            if (type.getKind() == Kind.RECORD) {
                note(
                        type,
                        type.getSimpleName(),
                        type.getMembers().stream()
                                .filter(VariableTree.class::isInstance)
                                .map(VariableTree.class::cast)
                                .filter(field ->
                                        !field.getModifiers().getFlags().contains(Modifier.STATIC))
                                .toList());
            }
            return super.visitClass(type, nothing);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            var type = (ClassTree) getCurrentPath().getParentPath().getLeaf();
            boolean constructor = method.getName().contentEquals("<init>");
            note(type, constructor ? type.getSimpleName() : method.getName(), method.getParameters());
            return super.visitMethod(method, nothing);
        }

        private void note(ClassTree type, Name name, List<? extends VariableTree> parameters) {
            declarations.add(new Declaration(
                    type.getSimpleName().toString(),
                    name.toString(),
                    parameters.stream().map(one -> one.getName().toString()).toList()));
        }
    }

    private final class Texts extends TreePathScanner<Void, Void> {
        @Override
        public Void visitAnnotation(AnnotationTree annotation, Void nothing) {
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            return method.getName().contentEquals("toString") ? null : super.visitMethod(method, nothing);
        }

        @Override
        public Void visitLiteral(LiteralTree literal, Void nothing) {
            if (literal.getKind() == Kind.STRING_LITERAL && !written(literal).contains("\n")) {
                take(literal);
            }
            return null;
        }

        @Override
        public Void visitBinary(BinaryTree sum, Void nothing) {
            if (sum.getKind() != Kind.PLUS) {
                return super.visitBinary(sum, nothing);
            }
            take(sum);
            values(sum);
            return null;
        }

        /// There can be texts in them.
        private void values(Tree part) {
            switch (part) {
                case BinaryTree sum
                when sum.getKind() == Kind.PLUS -> {
                    values(sum.getLeftOperand());
                    values(sum.getRightOperand());
                }
                case ParenthesizedTree inner -> values(inner.getExpression());
                case LiteralTree _ -> {}
                default -> scan(part, null);
            }
        }

        private void take(ExpressionTree text) {
            var pattern = pattern(text);
            if (words(pattern) >= fewestWords(getCurrentPath())) {
                var file = Path.of(
                        getCurrentPath().getCompilationUnit().getSourceFile().toUri());
                found.putIfAbsent(pattern, file.getFileName().toString());
            }
        }

        /// That make a message of a text at this place, by what makes use of it.
        private int fewestWords(TreePath path) {
            var inner = path.getLeaf();
            var around = path.getParentPath();
            return switch (around.getLeaf()) {
                case NewClassTree made
                when made.getArguments().contains(inner) -> ofMaking(lastWord(made.getIdentifier()), made, inner);
                case MethodInvocationTree call
                when call.getArguments().contains(inner) -> ofCall(lastWord(call.getMethodSelect()), call, inner);
                case VariableTree kept -> PARTS.contains(kept.getName().toString()) ? NEVER : ofStatement();
                case StatementTree _ -> ofStatement();
                case BinaryTree _ -> Math.max(FEWEST_WORDS, fewestWords(around));
                default -> fewestWords(around);
            };
        }

        private String typeAround() {
            var path = getCurrentPath();
            while (!(path.getLeaf() instanceof ClassTree)) {
                path = path.getParentPath();
            }
            return ((ClassTree) path.getLeaf()).getSimpleName().toString();
        }

        private int ofStatement() {
            return isCommand() ? NEVER : FEWEST_WORDS;
        }

        /// What commands print is no message, but for what they are ended with.
        private boolean isCommand() {
            return getCurrentPath()
                    .getCompilationUnit()
                    .getPackageName()
                    .toString()
                    .endsWith(".cli");
        }

        private int ofMaking(String type, NewClassTree made, Tree argument) {
            if (FAULTS.contains(type) || DESCRIPTIONS.contains(type)) {
                return NEVER;
            }
            if (isException(type)) {
                return 1;
            }
            return isPart(type, type, made.getArguments(), argument) ? NEVER : ofStatement();
        }

        private int ofCall(String method, MethodInvocationTree call, Tree argument) {
            if (method.equals("log")) {
                return call.getArguments().getFirst().toString().matches("(.*\\.)?(WARNING|ERROR)") ? 1 : NEVER;
            }
            var on = call.getMethodSelect() instanceof MemberSelectTree select
                    ? select.getExpression().toString()
                    : typeAround();
            if (UNTOLD.contains(method) || isPart(on, method, call.getArguments(), argument)) {
                return NEVER;
            }
            return isException(on) || on.matches(".*(getErr\\(\\)|System\\.err)") ? 1 : ofStatement();
        }

        private boolean isException(String type) {
            return exceptions.contains(type) || type.endsWith("Exception");
        }

        private boolean isPart(String type, String name, List<? extends ExpressionTree> arguments, Tree argument) {
            var possible = declarations.stream()
                    .filter(one -> one.name().equals(name))
                    .filter(one -> one.parameters().size() == arguments.size())
                    .toList();
            var meant = possible.stream().filter(one -> one.type().equals(type)).toList();
            return (meant.isEmpty() ? possible : meant)
                    .stream().anyMatch(one -> PARTS.contains(one.parameters().get(arguments.indexOf(argument))));
        }
    }
}
