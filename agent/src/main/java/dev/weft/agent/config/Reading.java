package dev.weft.agent.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Reads everything that says something, the weakest first, and goes on after a mistake.
///
/// The agent binds its socket only after this: where nothing is said it takes loops for streams, and the defaults share
/// what they can, because each lambda costs a start a millisecond.
final class Reading {
    static final String FILE_FLAG = "--config";
    private static final String FILE_VARIABLE = "WEFT_CONFIG";

    /// Bytes of a configuration file: there are a dozen keys.
    private static final int LARGEST = 65_536;

    private final Path usualFile;
    private final Map<String, String> environment;
    private final Map<String, String> flags;
    private final Settings settings = new Settings();
    private final List<Mistake> mistakes = new ArrayList<>();
    private final Set<String> mistaken = new HashSet<>();

    Reading(Path usualFile, Map<String, String> environment, Map<String, String> flags) {
        this.usualFile = usualFile;
        this.environment = environment;
        this.flags = flags;
    }

    Outcome outcome() {
        readFile();
        readEnvironment();
        readFlags();
        compareSockets();
        comparePools();
        compareStore();
        if (mistakes.isEmpty()) {
            return new Outcome.Valid(settings.configuration(), settings.all());
        }
        mistakes.sort(Mistake.READING);
        return new Outcome.Wrong(mistakes, fallback());
    }

    private void take(Key<?> key, Raw value, Origin origin) {
        try {
            settings.put(key.set(value, origin));
        } catch (IllegalArgumentException wrong) {
            mistake(origin, String.valueOf(wrong.getMessage()));
            mistaken.add(key.name());
        }
    }

    private void mistake(Origin origin, String sentence) {
        mistakes.add(new Mistake(origin, sentence));
    }

    private void readFile() {
        if (flags.containsKey(FILE_FLAG)) {
            readFile(new Origin.Flag(FILE_FLAG), flags.get(FILE_FLAG));
        } else if (environment.containsKey(FILE_VARIABLE)) {
            readFile(new Origin.Variable(FILE_VARIABLE), environment.get(FILE_VARIABLE));
        } else {
            readFile(new Origin.Preset(), usualFile.toString());
        }
    }

    private void readFile(Origin namedBy, String name) {
        if (name.isEmpty()) {
            mistake(namedBy, "names no file.");
            return;
        }
        var file = Path.of(name).toAbsolutePath();
        if (Files.isDirectory(file)) {
            mistake(new Origin.WholeFile(file), "cannot be read: it is a folder.");
            return;
        }
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                mistake(new Origin.WholeFile(file), "cannot be read: it is larger than " + LARGEST + " bytes.");
                return;
            }
            var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            var contents = TomlText.read(file, text);
            mistakes.addAll(contents.mistakes());
            contents.given().forEach(given -> take(given.key(), given.value(), given.origin()));
        } catch (NoSuchFileException absent) {
            if (!(namedBy instanceof Origin.Preset)) {
                mistake(namedBy, "there is no file " + file + ".");
            }
        } catch (AccessDeniedException denied) {
            mistake(new Origin.WholeFile(file), "cannot be read: permission denied.");
        } catch (CharacterCodingException notText) {
            mistake(new Origin.WholeFile(file), "cannot be read: it is not UTF-8.");
        } catch (FileSystemException failure) {
            mistake(new Origin.WholeFile(file), "cannot be read: " + failure.getReason() + ".");
        } catch (IOException failure) {
            mistake(new Origin.WholeFile(file), "cannot be read: " + failure.getMessage() + ".");
        }
    }

    private void readEnvironment() {
        var ours = new TreeMap<String, String>();
        for (var variable : environment.entrySet()) {
            if (variable.getKey().startsWith("WEFT_")) {
                ours.put(variable.getKey(), variable.getValue());
            }
        }
        if (!ours.isEmpty()) {
            readVariables(ours);
        }
    }

    private void readVariables(Map<String, String> variables) {
        for (var key : Keys.ALL) {
            var text = variables.remove(key.variable());
            if (text != null) {
                take(key, key.kind().written(text), new Origin.Variable(key.variable()));
            }
        }
        variables.keySet().stream()
                .filter(Reading::isOfATable)
                .forEach(name -> mistake(new Origin.Variable(name), Unknown.variable(name)));
    }

    /// `WEFT_AGENT_…` means us; `WEFT_CACHE`, say, is another program's.
    private static boolean isOfATable(String variable) {
        return Keys.ALL.stream()
                .anyMatch(key -> variable.startsWith("WEFT_" + key.table().toUpperCase(Locale.ROOT) + "_"));
    }

    private void readFlags() {
        for (var key : Keys.ALL) {
            var value = flags.get(key.flag());
            if (value != null) {
                take(key, key.kind().written(value), new Origin.Flag(key.flag()));
            }
        }
    }

    private void compareSockets() {
        var socket = settings.of(Keys.SOCKET);
        var admin = settings.of(Keys.ADMIN_SOCKET);
        if (!mistaken.contains(Keys.SOCKET.name())
                && !mistaken.contains(Keys.ADMIN_SOCKET.name())
                && socket.value().equals(admin.value())) {
            mistake(
                    later(socket, admin),
                    "agent.socket and agent.admin_socket are both '" + socket.value() + "'; give each its own.");
        }
    }

    private void comparePools() {
        var local = settings.of(Keys.LOCAL_POOLS);
        var global = settings.of(Keys.GLOBAL_POOLS);
        if (mistaken.contains(Keys.LOCAL_POOLS.name()) || mistaken.contains(Keys.GLOBAL_POOLS.name())) {
            return; // what it should be is not known
        }
        for (var range : global.value()) {
            var other = Kinds.overlapping(range, local.value());
            if (other.isPresent()) {
                var sentence = "ipam.global_pools has " + range + ", which overlaps " + other.get()
                        + " of ipam.local_pools; give ranges that do not.";
                mistake(later(local, global), sentence);
            }
        }
    }

    /// What is of no use without another.
    private void compareStore() {
        for (var key : Keys.ALL) {
            if (key.table().equals("cluster")) {
                needsStore(key);
            }
        }
        needs(Keys.STORE_CERTIFICATE, value -> value.isPresent(), Keys.STORE_KEY, value -> value.isPresent());
        needs(Keys.STORE_KEY, value -> value.isPresent(), Keys.STORE_CERTIFICATE, value -> value.isPresent());
        needs(Keys.STORE_USER, value -> !value.isEmpty(), Keys.STORE_PASSWORD_FILE, value -> value.isPresent());
        needs(Keys.STORE_PASSWORD_FILE, value -> value.isPresent(), Keys.STORE_USER, value -> !value.isEmpty());
    }

    private <T> void needsStore(Key<T> key) {
        var preset = key.byDefault().value();
        needs(key, value -> !value.equals(preset), Keys.STORE, value -> !value.isEmpty());
    }

    private <A, B> void needs(Key<A> one, Predicate<A> isSet, Key<B> other, Predicate<B> isThere) {
        if (!one.name().equals(other.name())
                && isSet.test(settings.of(one).value())
                && !isThere.test(settings.of(other).value())
                && !mistaken.contains(other.name())) {
            mistake(settings.of(one).origin(), one.name() + " is of no use without " + other.name() + "; give both.");
        }
    }

    /// Who wrote the two that do not go together.
    private static Origin later(Setting<?> one, Setting<?> other) {
        return other.origin() instanceof Origin.Preset ? one.origin() : other.origin();
    }

    private Configuration fallback() {
        var fallback = new Settings();
        if (!settings.of(Keys.SOCKET)
                .value()
                .equals(settings.of(Keys.ADMIN_SOCKET).value())) {
            fallback.put(settings.of(Keys.SOCKET));
            fallback.put(settings.of(Keys.ADMIN_SOCKET));
        }
        return fallback.configuration();
    }
}
