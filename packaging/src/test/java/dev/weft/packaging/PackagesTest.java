package dev.weft.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Made of the agent as this build packaged it.
@DisplayNameGeneration(ReplaceUnderscores.class)
class PackagesTest {
    private static final Path HOME = Path.of(System.getProperty("weft.home"));
    /// Where later tests look for them too.
    private static final Path MADE = HOME.resolve("target/packages");

    private static final String CACHE = "weft.aot";

    @TempDir
    private static Path folder;

    private static Path unpacked;

    @BeforeAll
    static void make_them() throws IOException, InterruptedException {
        Packages.make(HOME, MADE);
        unpacked = folder.resolve("unpacked");
        Files.createDirectories(unpacked);
        run("tar", "-xzf", tarball(MADE).toString(), "-C", unpacked.toString(), "--strip-components=1");
    }

    private static Path tarball(Path made) throws IOException {
        return file(made, "weft-[0-9.]+-linux-.*");
    }

    private static Path file(Path made, String pattern) throws IOException {
        try (var files = Files.list(made)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String run(String... words) throws IOException, InterruptedException {
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as("%s: %s", String.join(" ", words), output)
                .isZero();
        return output;
    }

    private static String digest(InputStream content) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(content.readAllBytes());
            return HexFormat.of().formatHex(digest.digest());
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void of_one_build_the_same_is_made_again_but_for_the_AOT_cache() throws IOException, InterruptedException {
        var again = folder.resolve("again");
        Installation.lay(HOME, Program.of(HOME), Platform.here(), again);
        assertThat(digests(again)).hasSizeGreaterThan(80).isEqualTo(digests(unpacked));
    }

    /// What each file below is, but for the cache.
    private static Map<String, String> digests(Path tree) throws IOException {
        var digests = new TreeMap<String, String>();
        for (var entry : Entry.tree(tree, ".")) {
            if (entry instanceof Entry.Content(var name, var file, var executable) && !name.endsWith(CACHE)) {
                try (var content = Files.newInputStream(file)) {
                    digests.put(name, executable + " " + Files.getLastModifiedTime(file) + " " + digest(content));
                }
            }
        }
        return digests;
    }

    @Test
    void of_one_installation_packages_are_the_same_to_the_byte() throws IOException {
        var installation = new Installation(unpacked);
        var tarball = tarball(MADE);
        var top = tarball.getFileName().toString().replaceFirst("-linux-.*", "");
        assertThat(Tarball.write(folder.resolve("tarball"), Entry.tree(unpacked, top)))
                .hasSameBinaryContentAs(tarball);
        var deb = file(MADE, "weft_.*\\.deb");
        assertThat(DebianPackage.write(HOME, installation, folder.resolve(deb.getFileName())))
                .hasSameBinaryContentAs(deb);
    }

    @Test
    void the_package_for_Debian_holds_what_the_tarball_does_and_says_where() throws Exception {
        var listed = run("dpkg-deb", "--contents", file(MADE, ".*\\.deb").toString());
        assertThat(listed.lines().map(line -> line.replaceFirst("^.* \\./", "")))
                .contains(
                        "usr/bin/weft -> ../lib/weft/weft",
                        "usr/lib/weft/weft.aot",
                        "usr/lib/weft/runtime/bin/java",
                        "usr/lib/systemd/system/weft.socket",
                        "usr/lib/systemd/system/weft.service",
                        "usr/share/doc/weft/copyright",
                        "etc/weft/weft.toml")
                .noneMatch(name -> name.startsWith("usr/lib/weft/systemd") || name.equals("usr/lib/weft/setup"));
        assertThat(listed.lines()).allMatch(line -> line.contains(" root/root "));
        assertThat(run("dpkg-deb", "--ctrl-tarfile", file(MADE, ".*\\.deb").toString()))
                .contains("preinst", "postinst", "prerm", "postrm", "conffiles");
        assertThat(run("dpkg-deb", "--field", file(MADE, ".*\\.deb").toString()))
                .contains("Package: weft\n", "Depends: libc6");
    }

    @Test
    void the_packaged_program_starts_from_its_cache() throws Exception {
        assertThat(run(
                        unpacked.resolve("runtime/bin/java").toString(),
                        "@" + unpacked.resolve("jvm.options"),
                        "-XX:AOTMode=on",
                        "-XX:AOTCache=" + unpacked.resolve(CACHE),
                        "-jar",
                        unpacked.resolve("lib/weft.jar").toString(),
                        "version"))
                .startsWith("weft ");
        assertThat(run(unpacked.resolve("weft").toString(), "version")).startsWith("weft ");
    }

    @Test
    void of_native_code_only_this_platforms_is_in_them() throws IOException {
        try (var jars = Files.newDirectoryStream(unpacked.resolve("lib"), "sqlite-jdbc-*");
                var sqlite = new java.util.jar.JarFile(jars.iterator().next().toFile())) {
            assertThat(sqlite.stream().map(entry -> entry.getName()))
                    .filteredOn(name -> name.startsWith("org/sqlite/native/"))
                    .allMatch(name -> name.startsWith(Platform.here().sqlite()))
                    .isNotEmpty();
        }
    }

    @Test
    void they_are_small_enough_to_carry_around() throws IOException {
        assertThat(Files.size(file(MADE, "weft_.*\\.deb"))).isLessThan(60_000_000);
        try (var files = Files.walk(unpacked)) {
            assertThat(files.mapToLong(file ->
                                    file.toFile().isFile() ? file.toFile().length() : 0)
                            .sum())
                    .isLessThan(130_000_000);
        }
    }

    @Test
    void docs_install_lists_what_they_hold() throws IOException {
        var page = Files.readString(HOME.resolve("docs/install.md"));
        try (var parts = Files.list(unpacked)) {
            assertThat(parts.map(part -> part.getFileName().toString()))
                    .allSatisfy(part -> assertThat(page).contains("`" + part));
        }
    }

    @Test
    void the_managed_plugin_can_be_told_everything_but_what_the_engine_says() throws IOException {
        var config = JsonObject.parse(
                "config.json", PluginConfig.text(Files.readString(HOME.resolve("packaging/plugin/config.json"))));
        assertThat(config.objects("env").stream().map(variable -> variable.string("name")))
                .contains("WEFT_AGENT_LOG_LEVEL", "WEFT_DOCKER_SOCKET", "WEFT_AGENT_SCOPE")
                .doesNotContain("WEFT_AGENT_SOCKET", "WEFT_AGENT_STATE");
    }

    @Test
    void a_machine_that_Weft_is_not_made_for_is_told_so() {
        assertThatThrownBy(() -> Platform.of("Linux", "riscv64"))
                .hasMessage("Weft is packaged for x86-64 and 64-bit ARM, and this machine is riscv64. Run it from the"
                        + " repository: ./weft agent");
    }

    @Test
    void a_repository_that_is_not_built_is_told_so() {
        assertThatThrownBy(() -> Program.of(folder))
                .isInstanceOf(PackagingException.class)
                .hasMessageContaining("the agent is not built");
    }
}
