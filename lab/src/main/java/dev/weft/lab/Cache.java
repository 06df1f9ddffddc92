package dev.weft.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/// The folder of unpacked engines and tools. A part appears in it complete or not at all; processes take turns to
/// fill it.
final class Cache {
    /// In front of the machine's own `/usr`; runc from here, because newer ones need a newer C library.
    private static final Part TOOLS = new Part(
            "tools",
            "tools",
            "bookworm",
            List.of("runc", "tini", "busybox-static", "iptables", "libip4tc2", "libip6tc2", "libxtables12"));

    /// Behind the machine's own `/usr`: used where it has none.
    private static final Part LIBRARIES = new Part(
            "libraries",
            "libraries",
            "bookworm",
            List.of(
                    "libnftnl11",
                    "libnfnetlink0",
                    "libnetfilter-conntrack3",
                    "libmnl0",
                    "libseccomp2", // iptables, runc
                    "nftables",
                    "libnftables1",
                    "libjansson4",
                    "libedit2",
                    "libbsd0",
                    "libmd0",
                    "libgmp10", // nft
                    "iproute2",
                    "libbpf1",
                    "libelf1",
                    "libcap2",
                    "libtirpc3",
                    "libdb5.3",
                    "libselinux1", // ip
                    "libdevmapper1.02.1",
                    "libudev1",
                    "libsystemd0")); // dockerd

    private static final List<String> NEEDLESS = List.of(
            "etc",
            "usr/share",
            "usr/include",
            "usr/lib/systemd",
            "usr/lib/tmpfiles.d",
            "usr/lib/sysusers.d",
            "usr/lib/udev",
            "usr/lib/cni",
            "usr/lib/containerd",
            "usr/lib/sysctl.d",
            "usr/bin/containerd-stress",
            "usr/bin/containerd-shim",
            "usr/bin/containerd-shim-runc-v1");

    private static final String IMAGE = "busybox.tar";

    private final Path folder;
    private final Consumer<String> progress;

    private record Part(String name, String shown, String suite, List<String> packages) {}

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
        return new Cache(root.resolve("lab"), System.out::println);
    }

    /// What a host's `/usr` is made of, first wins.
    Software software(Engine engine) {
        var part = new Part(
                "engine-" + engine.version(), "Docker Engine " + engine.version(), engine.suite(), engine.packages());
        try {
            Path own = provide(part, offers -> refuseOtherVersion(engine, offers));
            Path tools = provide(TOOLS, offers -> {});
            Path libraries = provide(LIBRARIES, offers -> {});
            String installed = Files.readString(own.resolve("packages"));
            return new Software(engine, own, tools, libraries, tools.resolve(IMAGE), installed);
        } catch (IOException failure) {
            throw new LabException("cannot fill the cache " + folder + ": " + failure, failure);
        }
    }

    private static void refuseOtherVersion(Engine engine, List<Apt.Offer> offers) {
        for (var offer : offers) {
            if (offer.name().equals("docker.io") && !offer.version().startsWith(engine.version() + ".")) {
                throw new LabException("Debian " + engine.suite() + " now has Docker Engine " + offer.version()
                        + " instead of " + engine.version()
                        + "; choose another with -D" + Engine.PROPERTY + ", or bring a cache that has it (WEFT_CACHE)");
            }
        }
    }

    private Path provide(Part part, Consumer<List<Apt.Offer>> check) throws IOException {
        Path complete = folder.resolve(part.name());
        if (Files.isDirectory(complete)) {
            return complete;
        }
        requireDebian();
        Files.createDirectories(folder);
        try (var channel =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var turn = takeTurn(channel)) {
            if (turn.isValid() && !Files.isDirectory(complete)) {
                fetch(part, complete, check);
            }
        }
        return complete;
    }

    /// Waits for other processes and, because a file lock belongs to the whole process, for this one's other threads.
    private static java.nio.channels.FileLock takeTurn(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException otherThread) {
                Wait.aMoment();
            }
        }
    }

    private void fetch(Part part, Path complete, Consumer<List<Apt.Offer>> check) throws IOException {
        Path half = folder.resolve(part.name() + ".half");
        delete(half); // of a filler that was killed: the lock is ours
        try {
            Path usr = Files.createDirectories(half.resolve("tree"));
            var apt = new Apt(part.suite(), half.resolve("apt"));
            var offers = apt.offers(part.packages());
            check.accept(offers);
            long bytes = offers.stream().mapToLong(Apt.Offer::bytes).sum();
            progress.accept("fetching " + part.shown() + " from Debian " + part.suite() + " ... "
                    + Math.ceilDiv(bytes, 1_000_000) + " MB");
            apt.unpack(part.packages(), usr);
            mergeUsr(usr);
            for (String needless : NEEDLESS) {
                delete(usr.resolve(needless));
            }
            if (part.equals(TOOLS)) {
                BusyboxImage.write(usr.resolve("usr/bin/busybox"), usr.resolve(IMAGE));
            }
            var list = new ArrayList<String>();
            offers.forEach(offer -> list.add(offer.name() + " " + offer.version()));
            Files.write(usr.resolve("packages"), list);
            Files.move(usr, complete, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(half);
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
                throw new LabException("the lab's engines are Debian packages and this machine has no " + tool
                        + "; use Debian or Ubuntu, or bring a filled cache (WEFT_CACHE)");
            }
        }
    }

    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
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
