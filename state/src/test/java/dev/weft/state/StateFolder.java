package dev.weft.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Files of a state folder, to be kept and put back.
record StateFolder(Map<String, byte[]> files) {
    private static final Pattern OURS = Pattern.compile("weft\\.db(-wal|-commits)?");

    static StateFolder of(Path folder) throws IOException {
        var files = new TreeMap<String, byte[]>();
        try (var all = Files.list(folder)) {
            for (var file : all.toList()) {
                if (OURS.matcher(file.getFileName().toString()).matches()) {
                    files.put(file.getFileName().toString(), Files.readAllBytes(file));
                }
            }
        }
        return new StateFolder(files);
    }

    byte[] bytes(String file) {
        return files.get(file).clone();
    }

    /// With other bytes in a file, or without it.
    StateFolder with(String file, byte @Nullable [] bytes) {
        var changed = new TreeMap<>(files);
        if (bytes == null) {
            changed.remove(file);
        } else {
            changed.put(file, bytes);
        }
        return new StateFolder(changed);
    }

    /// These files, and nothing else.
    void writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (var all = Files.list(folder)) {
            for (var file : all.toList()) {
                Files.delete(file);
            }
        }
        for (var file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }

    /// To be compared.
    Map<String, String> contents() {
        var contents = new TreeMap<String, String>();
        files.forEach((name, bytes) -> contents.put(name, HexFormat.of().formatHex(bytes)));
        return contents;
    }
}
