package dev.weft.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// By what a lab would be noticed on the machine. Numbers of namespaces would not do: the kernel gives them again.
///
/// @param processes that the lab had
record Traces(String lab, List<ProcessHandle> processes) {
    static Traces of(ProcessHandle jvm, String lab) {
        return new Traces(lab, jvm.descendants().toList());
    }

    /// Every process of a host sees mounts of the lab's folder.
    private boolean inhabits(ProcessHandle process) {
        return mounts(Long.toString(process.pid())).anyMatch(mount -> mount.contains("/" + lab + "/"));
    }

    private static Stream<String> mounts(String process) {
        try {
            return Files.readAllLines(Path.of("/proc", process, "mountinfo")).stream();
        } catch (IOException processEnded) {
            return Stream.empty();
        }
    }

    Set<String> programs() {
        return processes.stream()
                .flatMap(process -> process.info().command().stream())
                .map(command -> Path.of(command).getFileName().toString())
                .collect(Collectors.toSet());
    }

    /// Living processes of the lab.
    List<String> alive() {
        var alive = new ArrayList<String>();
        processes.stream().filter(ProcessHandle::isAlive).forEach(process -> alive.add("process " + process.info()));
        ProcessHandle.allProcesses()
                .filter(this::inhabits)
                .forEach(process -> alive.add("inhabitant " + process.info()));
        return alive;
    }

    /// Devices of the machine that are made of the lab's files.
    List<String> devices() {
        return Command.of("losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE")
                .run()
                .ok()
                .out()
                .lines()
                .filter(device -> device.contains("/" + lab + "/"))
                .toList();
    }

    /// Files, cgroups, mounts and devices of the lab.
    List<String> files() {
        var found = new ArrayList<>(devices());
        try {
            var places = new ArrayList<>(List.of(Leftovers.folder(), Path.of("/sys/fs/cgroup")));
            try (DirectoryStream<Path> hierarchies = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
                hierarchies.forEach(places::add);
            }
            for (Path place : places) {
                if (Files.exists(place.resolve(lab))) {
                    found.add(place.resolve(lab).toString());
                }
            }
            mounts("self").filter(mount -> mount.contains(lab)).forEach(found::add);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return found;
    }

    List<String> all() {
        var all = new ArrayList<>(alive());
        all.addAll(files());
        return all;
    }
}
