package dev.weft.plugin.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.util.Objects.requireNonNull;

import dev.weft.json.Json;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;

/// A file that leads engines to a plugin that is not in `/run/docker/plugins`: in `/etc/docker/plugins` or
/// `/usr/lib/docker/plugins`, NAME.spec with the address, or NAME.json with the files for TLS as well.
record DiscoveryFile(Path path, String content) {
    /// @param url `unix:///path` or `tcp://host:port`
    static DiscoveryFile spec(Path path, String url) {
        return new DiscoveryFile(named(path, ".spec"), url + "\n");
    }

    /// @param url `https://host:port`
    static DiscoveryFile json(Path path, String url, EngineTls tls) {
        var files = new LinkedHashMap<String, Object>();
        files.put("CAFile", tls.pluginCa().toAbsolutePath().toString());
        if (tls.certificate() != null && tls.key() != null) {
            files.put("CertFile", tls.certificate().toAbsolutePath().toString());
            files.put("KeyFile", tls.key().toAbsolutePath().toString());
        }
        files.put("InsecureSkipVerify", false);
        var file = named(path, ".json");
        var name = file.getFileName().toString();
        var body = new LinkedHashMap<String, Object>();
        body.put("Name", name.substring(0, name.length() - ".json".length()));
        body.put("Addr", url);
        body.put("TLSConfig", files);
        return new DiscoveryFile(file, Json.write(body) + "\n");
    }

    private static Path named(Path path, String ending) {
        if (!path.toString().endsWith(ending)) {
            throw new IllegalArgumentException(
                    "cannot announce the plugin in " + path + ": engines read files that end in " + ending);
        }
        return path.toAbsolutePath();
    }

    /// Whole or not at all, and replaces what a crashed plugin left.
    ///
    /// @throws IOException whose message says which file cannot be written
    void write() throws IOException {
        var beside = path.resolveSibling("." + path.getFileName() + ".new");
        try {
            Files.createDirectories(requireNonNull(path.getParent(), "an absolute path has a parent"));
            Files.writeString(beside, content);
            Files.move(beside, path, ATOMIC_MOVE);
        } catch (IOException failure) {
            removeIfThere(beside);
            throw new IOException("cannot announce the plugin in " + path + ": " + reason(failure), failure);
        }
    }

    private static void removeIfThere(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException sameReason) {
            // why it could not be written is told
        }
    }

    /// The JDK's file exceptions have a path for a message, and the reason in the class name.
    private static String reason(IOException failure) {
        return switch (failure) {
            case AccessDeniedException denied -> "no permission for " + denied.getFile() + ".";
            case FileAlreadyExistsException file -> file.getFile() + " is in the way. Remove it, or use another path.";
            default -> String.valueOf(failure.getMessage());
        };
    }

    /// Leaves a file that somebody else has written since.
    void remove() throws IOException {
        if (Files.exists(path) && new String(Files.readAllBytes(path), UTF_8).equals(content)) {
            Files.delete(path);
        }
    }
}
