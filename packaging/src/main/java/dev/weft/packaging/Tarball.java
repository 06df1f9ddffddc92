package dev.weft.packaging;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/// A gzipped tar that is the same for the same content.
final class Tarball {
    static final int EXECUTABLE = 0755;
    static final int PLAIN = 0644;
    private static final int BUFFER = 1 << 16;

    private Tarball() {}

    /// @return the file
    static Path write(Path file, List<Entry> entries) throws IOException {
        var parameters = new GzipParameters();
        parameters.setCompressionLevel(Deflater.DEFAULT_COMPRESSION);
        try (var out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
                var tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(out, parameters), "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (var entry : entries) {
                write(tar, entry);
            }
        }
        return file;
    }

    private static void write(TarArchiveOutputStream tar, Entry entry) throws IOException {
        var header = switch (entry) {
            case Entry.Folder(var name) -> header(name + "/", TarConstants.LF_DIR, EXECUTABLE);
            case Entry.Content(var name, var file, var executable) -> {
                var plain = header(name, TarConstants.LF_NORMAL, executable ? EXECUTABLE : PLAIN);
                plain.setSize(Files.size(file));
                yield plain;
            }
            case Entry.Link(var name, var target) -> {
                var link = header(name, TarConstants.LF_SYMLINK, 0777);
                link.setLinkName(target);
                yield link;
            }
        };
        tar.putArchiveEntry(header);
        if (entry instanceof Entry.Content content) {
            Files.copy(content.file(), tar);
        }
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry header(String name, byte type, int mode) {
        var header = new TarArchiveEntry(name, type);
        header.setMode(mode);
        header.setIds(0, 0);
        header.setNames("root", "root");
        header.setModTime(Installation.TIME.toEpochMilli());
        return header;
    }
}
