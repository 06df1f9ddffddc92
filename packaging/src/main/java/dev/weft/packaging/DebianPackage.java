package dev.weft.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.vafer.jdeb.Console;
import org.vafer.jdeb.DataConsumer;
import org.vafer.jdeb.DataProducer;
import org.vafer.jdeb.DebMaker;
import org.vafer.jdeb.shaded.commons.compress.archivers.tar.TarArchiveEntry;
import org.vafer.jdeb.shaded.commons.compress.archivers.tar.TarConstants;

/// The `.deb`.
final class DebianPackage {
    private static final String HOME = "usr/lib/weft";
    private static final String UNITS = "usr/lib/systemd/system";
    private static final String CONFIGURATION = "etc/weft/weft.toml";

    /// What `weft.toml`, the units and the licence are in a package, beside the folder that holds them too.
    private static final List<String> ELSEWHERE = List.of("/weft.toml", "/systemd", "/setup", "/LICENSE");

    private DebianPackage() {}

    /// @param home of the repository
    /// @return the file
    static Path write(Path home, Installation installation, Path file) throws IOException {
        var entries = entries(home, installation);
        DataProducer files = consumer -> produce(entries, consumer);
        var folder = installation.folder();
        var control = Files.createTempDirectory("weft-control");
        try {
            control(home, folder, file, control);
            var maker = new DebMaker(
                    new Silence(),
                    List.of(files),
                    List.of(consumer ->
                            file(consumer, new Entry.Content(CONFIGURATION, folder.resolve("weft.toml"), false))));
            maker.setDeb(file.toFile());
            maker.setControl(control.toFile());
            maker.setCompression("gzip");
            maker.setTarLongFileMode("posix");
            maker.setOutputTimestampMs(Installation.TIME.toEpochMilli());
            maker.setResolver(name -> null);
            maker.makeDeb();
            return file;
        } catch (org.vafer.jdeb.PackagingException failure) {
            throw new PackagingException("cannot make " + file + ": " + failure.getMessage(), failure);
        } finally {
            Installation.delete(control);
        }
    }

    private static List<Entry> entries(Path home, Installation installation) throws IOException {
        var folder = installation.folder();
        var entries = new ArrayList<Entry>();
        Entry.tree(folder, HOME).stream()
                .filter(entry -> !isElsewhere(entry.name()))
                .forEach(entries::add);
        entries.add(new Entry.Link("usr/bin/weft", "../lib/weft/weft"));
        entries.add(new Entry.Content(UNITS + "/weft.socket", folder.resolve("systemd/weft.socket"), false));
        entries.add(new Entry.Content(UNITS + "/weft.service", folder.resolve("systemd/weft.service"), false));
        entries.add(new Entry.Content(CONFIGURATION, folder.resolve("weft.toml"), false));
        entries.add(
                new Entry.Content("usr/share/doc/weft/copyright", home.resolve("packaging/files/copyright"), false));
        var folders = new LinkedHashSet<Entry>();
        entries.forEach(entry -> folders.addAll(Entry.foldersAbove(entry.name())));
        entries.removeIf(folders::contains);
        entries.addAll(0, folders);
        return entries;
    }

    private static boolean isElsewhere(String name) {
        return ELSEWHERE.stream()
                .map(HOME::concat)
                .anyMatch(other -> name.equals(other) || name.startsWith(other + "/"));
    }

    /// Fills in what is between `@` in the control file.
    private static void control(Path home, Path installed, Path deb, Path control) throws IOException {
        var architecture = deb.getFileName().toString().replaceFirst("^.*_", "").replace(".deb", "");
        var sources = home.resolve("packaging/debian");
        var text = Files.readString(sources.resolve("control"))
                .replace("@architecture@", architecture)
                .replace(
                        "@version@",
                        Files.readString(installed.resolve("VERSION")).strip());
        Files.writeString(control.resolve("control"), text);
        for (var script : List.of("preinst", "postinst", "prerm", "postrm")) {
            Files.copy(sources.resolve(script), control.resolve(script));
        }
    }

    private static void produce(List<Entry> entries, DataConsumer consumer) throws IOException {
        for (var entry : entries) {
            switch (entry) {
                case Entry.Folder(var name) ->
                    consumer.onEachDir(header(name + "/", TarConstants.LF_DIR, Tarball.EXECUTABLE));
                case Entry.Content content -> file(consumer, content);
                case Entry.Link(var name, var target) -> {
                    var link = header(name, TarConstants.LF_SYMLINK, 0777);
                    link.setLinkName(target);
                    consumer.onEachLink(link);
                }
            }
        }
    }

    private static void file(DataConsumer consumer, Entry.Content content) throws IOException {
        var header = header(
                content.name(), TarConstants.LF_NORMAL, content.executable() ? Tarball.EXECUTABLE : Tarball.PLAIN);
        header.setSize(Files.size(content.file()));
        try (InputStream in = Files.newInputStream(content.file())) {
            consumer.onEachFile(in, header);
        }
    }

    private static TarArchiveEntry header(String name, byte type, int mode) {
        var header = new TarArchiveEntry("./" + name, type);
        header.setMode(mode);
        header.setIds(0, 0);
        header.setNames("root", "root");
        header.setModTime(Installation.TIME.toEpochMilli());
        return header;
    }

    /// jdeb has nothing to say that its exceptions do not.
    private static final class Silence implements Console {
        @Override
        public void debug(String message) {}

        @Override
        public void info(String message) {}

        @Override
        public void warn(String message) {}
    }
}
