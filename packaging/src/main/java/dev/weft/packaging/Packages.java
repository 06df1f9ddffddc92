package dev.weft.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `weft package [FOLDER]`: everything that is installed, made from the build.
public final class Packages {
    private Packages() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 1 || (arguments.length == 1 && arguments[0].startsWith("-"))) {
            System.err.println("weft: weft package takes one folder at most, for what it makes: weft package [FOLDER]");
            System.exit(2);
        }
        var home = Path.of(System.getProperty("weft.home"));
        var folder = arguments.length == 1 ? Path.of(arguments[0]) : home.resolve("target/packages");
        try {
            for (var made : make(home, folder.toAbsolutePath().normalize())) {
                System.out.println(made + "  " + Math.ceilDiv(Files.size(made), 1_000_000) + " MB");
            }
        } catch (IOException | PackagingException failure) {
            System.err.println("weft: cannot make packages in " + folder + ": " + failure.getMessage());
            System.exit(1);
        }
    }

    /// Replaces what an earlier run made.
    ///
    /// @param home   of the repository, built
    /// @param folder is made if need be
    /// @return the `.deb`, the tarball, and the tarball of the managed plugin
    /// @throws IOException        if a file cannot be read or written
    /// @throws PackagingException whose message says what is missing or failed
    public static List<Path> make(Path home, Path folder) throws IOException, InterruptedException {
        var platform = Platform.here();
        var program = Program.of(home);
        Files.createDirectories(folder);
        var work = folder.resolve("work");
        Installation.delete(work);
        try {
            var installation = Installation.lay(home, program, platform, work.resolve("weft"));
            Training.run(installation);
            var name = "weft-" + program.version() + "-linux-" + platform.machine() + ".tar.gz";
            return List.of(
                    DebianPackage.write(
                            home,
                            installation,
                            folder.resolve("weft_" + program.version() + "_" + platform.debian() + ".deb")),
                    Tarball.write(folder.resolve(name), Entry.tree(installation.folder(), "weft-" + program.version())),
                    Tarball.write(
                            folder.resolve(
                                    "weft-plugin-" + program.version() + "-linux-" + platform.machine() + ".tar.gz"),
                            ManagedPlugin.entries(home, installation, work)));
        } finally {
            Installation.delete(work);
        }
    }
}
