package dev.weft.lab;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/// The folder of unpacked engines, tools and compilers. A part appears in it complete or not at all;
/// processes take turns to fill it.
final class Cache {
    /// Bytes for the largest part, which is a machine: its packages, their content, apt's lists, and its disk.
    private static final long SPACE = 900_000_000;

    private static final String UNDER = "under";
    private static final String IMAGE = "busybox.tar";
    private static final String PACKAGES = "packages";

    private final Path folder;
    private final Consumer<String> progress;

    /// What else a part needs than its packages' files.
    private interface Finish {
        void apply(Path tree) throws IOException;
    }

    /// @param progress told one line before each download
    Cache(Path folder, Consumer<String> progress) {
        this.folder = folder;
        this.progress = progress;
    }

    /// The cache of this repository, or the one named by `WEFT_CACHE` or the system property `weft.cache`.
    static Cache ofThisMachine() {
        String named = System.getenv().getOrDefault("WEFT_CACHE", System.getProperty("weft.cache", ""));
        Path root = named.isEmpty()
                ? Home.folder().resolve(".cache")
                : Path.of(named).toAbsolutePath();
        return new Cache(root.resolve("lab"), line -> System.out.println("lab: " + line));
    }

    /// What a host's `/usr` is made of.
    Software software(Engine engine) {
        Path own = provide(Part.engine(engine), offers -> requireVersion(engine, offers), tree -> {});
        Path tools = tools();
        try {
            return new Software(
                    own, tools, tools.resolve(UNDER), tools.resolve(IMAGE), Files.readString(own.resolve(PACKAGES)));
        } catch (IOException failure) {
            throw unusable(failure);
        }
    }

    /// What all engines share.
    Path tools() {
        return provide(
                Part.TOOLS,
                offers -> {},
                tree -> BusyboxImage.write(tree.resolve("usr/bin/busybox"), tree.resolve(IMAGE)));
    }

    /// Tar file of the root of `busybox:latest`.
    Path busyboxImage() {
        return tools().resolve(IMAGE);
    }

    /// A kernel that runs as a process, and a disk for it.
    MachineParts machine(String suite) {
        Path own = provide(Part.machine(suite), offers -> {}, tree -> {
            progress.accept("making the disk of a machine of its own ... two minutes");
            MachineParts.in(tree).makeDisk(suite);
        });
        return MachineParts.in(own);
    }

    /// The root that a kernel with all its modules is unpacked into.
    Path kernel() {
        return provide(Part.KERNEL, offers -> {}, tree -> {});
    }

    /// The root that Go's packages are unpacked into.
    Path go() {
        return provide(Part.GO, offers -> {}, tree -> {});
    }

    /// The root that docker-compose and its Python are unpacked into.
    Path compose() {
        return provide(Part.COMPOSE, offers -> {}, tree -> {});
    }

    /// The root that the registry is unpacked into.
    Path registry() {
        return provide(Part.REGISTRY, offers -> {}, tree -> {});
    }

    /// The root that etcd and its client are unpacked into.
    Path etcd() {
        return provide(Part.ETCD, offers -> {}, tree -> {});
    }

    /// A folder for what Go has compiled already.
    Path goBuild() {
        return folder.resolve("go-build");
    }

    private LabException unusable(IOException failure) {
        return new LabException("cannot use the cache " + folder + ": " + failure, failure);
    }

    /// Debian's development release moves on; then nobody should be given another engine unasked.
    static void requireVersion(Engine engine, List<Apt.Offer> offers) {
        for (var offer : offers) {
            if (offer.name().equals("docker.io") && !offer.version().startsWith(engine.version() + ".")) {
                throw new LabException("Debian " + engine.suite() + " now has Docker Engine " + offer.version()
                        + " instead of " + engine.version()
                        + "; choose another with -D" + Engine.PROPERTY + ", or bring a cache that has it (WEFT_CACHE)");
            }
        }
    }

    private Path provide(Part part, Consumer<List<Apt.Offer>> check, Finish finish) {
        Path complete = folder.resolve(part.name());
        if (Files.isDirectory(complete)) {
            return complete;
        }
        if (UserModeLinuxExtension.isInside()) {
            throw new LabException("the cache lacks " + part.shown() + ", and there is no network in User Mode Linux to"
                    + " fetch it: run a test outside first that needs it");
        }
        requireDebian();
        try {
            Files.createDirectories(folder);
            try (var channel = FileChannel.open(folder.resolve("lock"), CREATE, WRITE);
                    var turn = takeTurn(channel)) {
                if (turn.isValid() && !Files.isDirectory(complete)) {
                    requireSpace();
                    fetch(part, complete, check, finish);
                }
            }
            return complete;
        } catch (IOException failure) {
            throw unusable(failure);
        }
    }

    private void requireSpace() throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < SPACE) {
            throw new LabException("the cache " + folder + " has " + free / 1_000_000 + " MB left and needs "
                    + SPACE / 1_000_000 + "; make room, or choose another folder (WEFT_CACHE)");
        }
    }

    /// Waits for other processes and, because a file lock belongs to the whole process, for this one's other threads.
    private static FileLock takeTurn(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException otherThread) {
                Wait.aMoment();
            }
        }
    }

    private void fetch(Part part, Path complete, Consumer<List<Apt.Offer>> check, Finish finish) throws IOException {
        Path half = folder.resolve(part.name() + ".half");
        delete(half); // of a filler that was killed: the lock is ours
        try {
            Path tree = Files.createDirectories(half.resolve("tree"));
            var apt = new Apt(part.suite(), half.resolve("apt"));
            var all = new ArrayList<>(part.packages());
            all.addAll(part.under());
            var offers = apt.offers(all);
            check.accept(offers);
            long bytes = offers.stream().mapToLong(Apt.Offer::bytes).sum();
            progress.accept("fetching " + part.shown() + " from Debian " + part.suite() + " ... "
                    + Math.ceilDiv(bytes, 1_000_000) + " MB");
            unpack(apt, part.packages(), part.needless(), tree);
            if (!part.under().isEmpty()) {
                unpack(apt, part.under(), part.needless(), tree.resolve(UNDER));
            }
            finish.apply(tree);
            Files.write(
                    tree.resolve(PACKAGES),
                    offers.stream()
                            .map(offer -> offer.name() + " " + offer.version())
                            .toList());
            Files.move(tree, complete, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(half);
        }
    }

    private static void unpack(Apt apt, List<String> packages, List<String> needless, Path into) throws IOException {
        apt.unpack(packages, Files.createDirectories(into));
        mergeUsr(into);
        for (String name : needless) {
            delete(into.resolve(name));
        }
    }

    /// Bookworm's packages still have files in `/bin`, `/sbin` and `/lib`.
    private static void mergeUsr(Path root) throws IOException {
        for (String name : List.of("bin", "sbin", "lib")) {
            Path old = root.resolve(name);
            if (Files.isDirectory(old)) {
                Files.createDirectories(root.resolve("usr"));
                Command.of(
                                "cp",
                                "-a",
                                "--no-clobber",
                                old.toString(),
                                root.resolve("usr").toString())
                        .run()
                        .ok();
                delete(old);
            }
        }
    }

    private static void requireDebian() {
        for (String tool : List.of("apt-get", "dpkg-deb")) {
            if (Home.onPath(tool).isEmpty()) {
                throw new LabException("the lab's engines and Go are Debian packages and this machine has no " + tool
                        + "; use Debian or Ubuntu, or bring a filled cache (WEFT_CACHE)");
            }
        }
    }

    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }
}
