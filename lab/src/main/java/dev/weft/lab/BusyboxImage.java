package dev.weft.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// Makes the image `busybox:latest` out of Debian's static busybox: no registry is asked.
final class BusyboxImage {
    private BusyboxImage() {}

    static void write(Path busybox, Path tar) throws IOException {
        Path root = Files.createTempDirectory(tar.toAbsolutePath().getParent(), "image");
        for (String folder : List.of("bin", "etc", "tmp", "root", "proc", "sys", "dev", "var", "home")) {
            Files.createDirectory(root.resolve(folder));
        }
        Files.copy(busybox, root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        String applets = Command.of(busybox.toString(), "--list").run().ok().out();
        for (String applet :
                applets.lines().filter(name -> !name.equals("busybox")).toList()) {
            Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
        }
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
        Command.of("tar", "-C", root.toString(), "--owner=0", "--group=0", "-cf", tar.toString(), ".")
                .run()
                .ok();
        Cache.delete(root);
    }
}
