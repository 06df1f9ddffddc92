package dev.weft.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Debian's Go 1.19 with the library github.com/vishvananda/netlink, unpacked into the cache and never installed: for
/// the programs that Weft is compared with.
public final class GoCompiler {
    private final Path usr;
    private final Path built;

    private GoCompiler(Path usr, Path built) {
        this.usr = usr;
        this.built = built;
    }

    /// Downloads 82 MB the first time.
    ///
    /// @throws LabException if this machine has no apt, or the cache no room
    public static GoCompiler ofThisMachine() {
        var cache = Cache.ofThisMachine();
        return new GoCompiler(cache.go().resolve("usr"), cache.goBuild());
    }

    /// Builds a static program; the first time takes half a minute, for Go's own library.
    ///
    /// @param sources folder of one `package main`
    /// @param program file to be written
    /// @throws LabException with what the compiler printed, if it refuses
    public void build(Path sources, Path program) {
        var environment = Map.of(
                "GOROOT",
                usr.resolve("lib/go-1.19").toString(),
                "GOPATH",
                usr.resolve("share/gocode").toString(),
                "GOCACHE",
                built.toString(),
                "GO111MODULE",
                "off",
                "GOENV",
                "off",
                "CGO_ENABLED",
                "0",
                "PATH",
                Host.PATH);
        var go = usr.resolve("lib/go-1.19/bin/go").toString();
        var words = List.of(go, "build", "-o", program.toAbsolutePath().toString(), ".");
        new Command("go build " + sources, words, environment).runIn(sources).ok();
    }
}
