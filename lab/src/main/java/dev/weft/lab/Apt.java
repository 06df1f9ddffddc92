package dev.weft.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Downloads packages of one Debian release into a folder, with apt's state private to it and from the mirror that
/// this machine's own apt sources name.
final class Apt {
    static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");
    private static final Pattern URI_LINE = Pattern.compile("'[^']+' ([^_]+)_([^_]+)_[^_]+\\.deb (\\d+) .*");

    private final String suite;
    private final Path root;

    /// A package as the mirror offers it.
    ///
    /// @param bytes size of the download
    record Offer(String name, String version, long bytes) {}

    /// @param root an empty folder for apt's lists
    Apt(String suite, Path root) throws IOException {
        this.suite = suite;
        this.root = root;
        Files.createDirectories(root.resolve("lists/partial"));
        Files.createDirectories(root.resolve("archives/partial"));
        String signed = Files.exists(KEYRING) ? "[signed-by=" + KEYRING + "] " : "";
        Files.writeString(root.resolve("sources.list"), "deb " + signed + mirror() + " " + suite + " main\n");
        get("update").run().ok();
    }

    /// Where this machine finds Debian.
    static String mirror() {
        String list = "$(REPO_URI) $(COMPONENT)";
        return Command.of("apt-get", "indextargets", "--format", list, "Identifier: Packages")
                .run()
                .ok()
                .out()
                .lines()
                .filter(line -> line.endsWith(" main") && line.contains("/debian") && !line.contains("security"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .findFirst()
                .orElseThrow(
                        () -> new LabException(
                                "the apt sources of this machine name no Debian mirror, and the lab's engines are Debian"
                                        + " packages; add one to /etc/apt/sources.list.d, or bring a filled cache (WEFT_CACHE)"));
    }

    private Command get(String... arguments) {
        var words = new ArrayList<>(List.of("apt-get", "-q"));
        for (String option : List.of(
                "Dir::State::Lists=" + root.resolve("lists"),
                "Dir::State::status=/dev/null",
                "Dir::Cache=" + root,
                "Dir::Cache::archives=" + root.resolve("archives"),
                "Dir::Etc::SourceList=" + root.resolve("sources.list"),
                "Dir::Etc::SourceParts=/dev/null",
                "APT::Sandbox::User=root",
                "Acquire::Languages=none",
                "Acquire::Retries=3")) {
            words.add("-o");
            words.add(option);
        }
        words.addAll(List.of(arguments));
        return Command.of(words.toArray(String[]::new));
    }

    private String[] download(List<String> packages, String... options) {
        var words = new ArrayList<>(List.of("download"));
        words.addAll(List.of(options));
        packages.forEach(name -> words.add(name + "/" + suite));
        return words.toArray(String[]::new);
    }

    List<Offer> offers(List<String> packages) {
        var offers = new ArrayList<Offer>();
        String listing = get(download(packages, "--print-uris")).run().ok().out();
        for (String line : listing.lines().toList()) {
            var fields = URI_LINE.matcher(line);
            if (fields.matches()) {
                offers.add(new Offer(
                        fields.group(1), fields.group(2).replace("%3a", ":"), Long.parseLong(fields.group(3))));
            }
        }
        return offers;
    }

    /// Downloads and unpacks packages; apt checks their signatures.
    void unpack(List<String> packages, Path into) throws IOException {
        var folder = Files.createDirectories(root.resolve("debs"));
        get(download(packages)).runIn(folder).ok();
        try (var debs = Files.list(folder)) {
            for (Path deb : debs.toList()) {
                Command.of("dpkg-deb", "-x", deb.toString(), into.toString())
                        .run()
                        .ok();
                Files.delete(deb);
            }
        }
    }
}
