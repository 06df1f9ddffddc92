package dev.weft.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What a package holds under one name, owned by root.
sealed interface Entry {
    /// Without a slash at the beginning or the end.
    String name();

    record Folder(String name) implements Entry {}

    /// @param file whose content and size it has
    record Content(String name, Path file, boolean executable) implements Entry {}

    record Link(String name, String target) implements Entry {}

    /// A folder with all that is in it, in the order of names.
    ///
    /// @param name of the folder in the package
    static List<Entry> tree(Path folder, String name) throws IOException {
        var entries = new ArrayList<Entry>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (var path : all.sorted().toList()) {
                var below = folder.relativize(path).toString();
                entries.add(of(path, below.isEmpty() ? name : name + "/" + below));
            }
        }
        return entries;
    }

    private static Entry of(Path path, String name) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return new Link(name, Files.readSymbolicLink(path).toString());
        }
        return Files.isDirectory(path) ? new Folder(name) : new Content(name, path, Files.isExecutable(path));
    }

    /// The folders above a name, outermost first.
    static List<Entry> foldersAbove(String name) {
        var folders = new ArrayList<Entry>();
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            folders.add(new Folder(name.substring(0, slash)));
        }
        return folders;
    }
}
