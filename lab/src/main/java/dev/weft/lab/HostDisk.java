package dev.weft.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A host's own files, as folders of the lab's state.
///
/// @param folder of the host
record HostDisk(Path folder) {
    /// Mounted over the machine's own; `/run` alone does not survive a crash.
    private static final List<String> OWN = List.of(
            "run",
            "etc/docker",
            "etc/weft",
            "var/lib/docker",
            "var/lib/containerd",
            "var/lib/weft",
            "usr/lib/docker/plugins");

    private static final List<String> IPTABLES = List.of(
            "iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore");

    /// Without the Kubernetes interface, and without the folder `/opt/containerd` that the machine would keep.
    private static final String CONTAINERD = """
            version = 2
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt", \
            "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.btrfs", \
            "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.tracing"]
            """;

    /// @param iptables the program that serves as `iptables`, if any does
    static HostDisk create(Path folder, String name, Optional<String> iptables) {
        var disk = new HostDisk(folder);
        try {
            for (String own : OWN) {
                Files.createDirectories(folder.resolve("disk").resolve(own));
                Files.createDirectories(disk.skeleton().resolve(own));
            }
            Files.createDirectories(folder.resolve("sys"));
            Files.createDirectories(folder.resolve("disk/probe/upper"));
            Files.createDirectories(folder.resolve("disk/probe/work"));
            Path etc = disk.skeleton().resolve("etc");
            Files.createDirectories(etc.resolve("containerd"));
            Files.writeString(etc.resolve("containerd/config.toml"), CONTAINERD);
            Files.writeString(etc.resolve("hostname"), name + "\n");
            Files.writeString(etc.resolve("hosts"), "127.0.0.1 localhost\n::1 localhost\n127.0.1.1 " + name + "\n");
            Files.writeString(etc.resolve("resolv.conf"), "nameserver 10.77.0.254\n"); // refuses at once
            Path sbin = Files.createDirectories(disk.skeleton().resolve("usr/sbin"));
            if (iptables.isPresent()) {
                for (String command : IPTABLES) {
                    Files.createSymbolicLink(sbin.resolve(command), Path.of(iptables.get()));
                }
            }
            return disk;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Files and mount points that the host sees besides the machine's.
    Path skeleton() {
        return folder.resolve("skeleton");
    }

    Path outside(String inside) {
        String relative = inside.substring(1);
        for (String own : OWN) {
            if (inside.equals("/" + own) || inside.startsWith("/" + own + "/")) {
                return folder.resolve("disk").resolve(relative);
            }
        }
        throw new LabException(inside + " is not a host's own; these are: /" + String.join(", /", OWN));
    }

    void delete(String inside) {
        try {
            Files.deleteIfExists(outside(inside));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void wipeRun() {
        Path run = outside("/run");
        try {
            Cache.delete(run);
            for (String folder : List.of("docker/plugins", "weft", "netns", "lock")) {
                Files.createDirectories(run.resolve(folder));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
