package dev.weft.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file system of its own for a host's `/var/lib/weft`, which a test can spoil: ext4 in a file beside the host's
/// disk, for the kernel makes no other one read-only under a program that writes.
final class StateDisk {
    private final Host host;
    private final Path image;

    StateDisk(Host host) {
        this.host = host;
        image = host.disk().folder().resolve("state.img");
    }

    boolean exists() {
        return Files.exists(image);
    }

    void limit(int megabytes) {
        if (host.agentRuns()) {
            throw new LabException(
                    "the agent of host " + host + " uses /var/lib/weft; stop it before the disk changes");
        }
        script("limit", Integer.toString(megabytes)).ok();
    }

    void mount() {
        if (exists()) {
            script("mount").ok();
        }
    }

    void fill() {
        requireLimit();
        script("fill").ok();
    }

    void free() {
        requireLimit();
        script("free").ok();
    }

    void setReadOnly(boolean readOnly) {
        requireLimit();
        script(readOnly ? "spoil" : "repair").ok();
    }

    private void requireLimit() {
        if (!exists()) {
            throw new LabException("/var/lib/weft of host " + host + " is on this machine's own disk; limit it first");
        }
    }

    private Result script(String action, String... arguments) {
        var words = new ArrayList<>(List.of("sh", "-c", Script.named("state.sh"), "state", image.toString(), action));
        words.addAll(List.of(arguments));
        return host.namespaces().command(action + " /var/lib/weft", words).run();
    }
}
