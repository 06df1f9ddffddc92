package dev.weft.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What a machine is made of, unpacked.
///
/// @param kernel a program that is Linux
/// @param disk image of a file system with Debian, which a machine never writes to
record MachineParts(Path folder, Path kernel, Path disk) {
    static MachineParts in(Path folder) {
        return new MachineParts(folder, folder.resolve("usr/bin/linux.uml"), folder.resolve("disk.img"));
    }

    /// Makes the disk with debootstrap, and deletes what only that needed.
    ///
    /// @param suite Debian's name of the release
    void makeDisk(String suite) {
        var words = List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                "-c",
                Script.named("disk.sh"),
                "disk",
                folder.toAbsolutePath().toString(),
                suite,
                Apt.mirror(),
                Files.exists(Apt.KEYRING) ? Apt.KEYRING.toString() : "");
        new Command("debootstrap " + suite, words, Map.of("PATH", Host.PATH))
                .run()
                .ok();
    }
}
