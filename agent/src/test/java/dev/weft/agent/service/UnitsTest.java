package dev.weft.agent.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The units of packaging/systemd. What the service may do is listed here, so that it does not grow unseen.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class UnitsTest {
    private static final Path HOME = Path.of(System.getProperty("weft.home"));
    private static final Path UNITS = HOME.resolve("packaging/systemd");

    @TempDir
    private Path folder;

    /// All values of each key, in their order.
    private static Map<String, List<String>> unit(String name) throws IOException {
        return Files.readAllLines(UNITS.resolve(name)).stream()
                .filter(line -> line.matches("[A-Z].*=.*"))
                .map(line -> line.split("=", 2))
                .collect(groupingBy(words -> words[0], LinkedHashMap::new, mapping(words -> words[1], toList())));
    }

    @Test
    void the_socket_is_the_engines_place_of_plugins_for_root_alone_and_there_before_docker() throws IOException {
        assertThat(unit("weft.socket"))
                .containsEntry("ListenStream", List.of("/run/docker/plugins/weft.sock"))
                .containsEntry("SocketMode", List.of("0600"))
                .containsEntry("DirectoryMode", List.of("0700"))
                .containsEntry("Before", List.of("docker.service"))
                .containsEntry("WantedBy", List.of("sockets.target"));
    }

    @Test
    void docker_waits_for_the_service_and_does_not_need_it() throws IOException {
        assertThat(unit("weft.service"))
                .containsEntry("Before", List.of("docker.service"))
                .containsEntry("Requires", List.of("weft.socket"))
                .containsEntry("After", List.of("weft.socket"))
                .containsEntry("Type", List.of("notify"))
                .containsEntry("NotifyAccess", List.of("main"))
                .containsEntry("StandardInput", List.of("socket"))
                .containsEntry("Restart", List.of("always"))
                .containsEntry("StartLimitIntervalSec", List.of("1min"))
                .containsEntry("StartLimitBurst", List.of("20"))
                .containsEntry("ExecStart", List.of("/usr/bin/weft agent"))
                .doesNotContainKeys("RequiredBy", "BindsTo", "PartOf");
    }

    @Test
    void nothing_but_the_fabric_is_run_with_more_than_the_service_has() throws IOException {
        var unit = unit("weft.service");
        assertThat(unit.keySet())
                .filteredOn(key -> key.startsWith("Exec"))
                .containsExactly("ExecStartPre", "ExecStart");
        assertThat(unit)
                .containsEntry("ExecStartPre", List.of("-+/usr/bin/nsenter --target 1 --mount /usr/bin/weft fabric"));
    }

    @Test
    void these_are_the_capabilities() throws IOException {
        assertThat(unit("weft.service"))
                .containsEntry("CapabilityBoundingSet", List.of("CAP_NET_ADMIN CAP_NET_RAW CAP_SYS_ADMIN"))
                .containsEntry("AmbientCapabilities", List.of(""))
                .containsEntry("NoNewPrivileges", List.of("yes"))
                .doesNotContainKeys("User", "Group", "SupplementaryGroups", "SecureBits");
    }

    @Test
    void these_are_the_paths_that_can_be_written() throws IOException {
        assertThat(unit("weft.service"))
                .containsEntry("ProtectSystem", List.of("strict"))
                .containsEntry("StateDirectory", List.of("weft"))
                .containsEntry("RuntimeDirectory", List.of("weft"))
                .containsEntry("RuntimeDirectoryPreserve", List.of("yes"))
                .containsEntry("ConfigurationDirectory", List.of("weft"))
                .containsEntry("PrivateTmp", List.of("yes"))
                .containsEntry("PrivateDevices", List.of("yes"))
                .containsEntry("ReadWritePaths", List.of("/proc/sys/net"))
                .doesNotContainKeys(
                        "ReadWriteDirectories",
                        "BindPaths",
                        "BindReadOnlyPaths",
                        "TemporaryFileSystem",
                        "CacheDirectory",
                        "LogsDirectory",
                        "DeviceAllow");
    }

    @Test
    void these_are_the_system_calls_and_the_sockets() throws IOException {
        assertThat(unit("weft.service"))
                .containsEntry(
                        "SystemCallFilter",
                        List.of("@system-service", "~@aio @keyring @memlock @privileged @resources @setuid"))
                .containsEntry("SystemCallErrorNumber", List.of("EPERM"))
                .containsEntry("SystemCallArchitectures", List.of("native"))
                .containsEntry("RestrictAddressFamilies", List.of("AF_UNIX AF_NETLINK AF_PACKET AF_INET AF_INET6"))
                .containsEntry("RestrictNamespaces", List.of("net"));
    }

    @Test
    void all_else_of_the_sandbox_is_shut() throws IOException {
        assertThat(unit("weft.service").entrySet().stream()
                        .filter(entry -> entry.getKey().matches("(Protect|Private|Restrict|Lock|Keyring).*"))
                        .map(entry -> entry.getKey() + "=" + String.join(" ", entry.getValue())))
                .containsExactlyInAnyOrder(
                        "KeyringMode=private",
                        "LockPersonality=yes",
                        "PrivateDevices=yes",
                        "PrivateIPC=yes",
                        "PrivateTmp=yes",
                        "ProtectClock=yes",
                        "ProtectControlGroups=yes",
                        "ProtectHome=yes",
                        "ProtectHostname=yes",
                        "ProtectKernelLogs=yes",
                        "ProtectKernelModules=yes",
                        "ProtectKernelTunables=yes",
                        "ProtectProc=invisible",
                        "ProtectSystem=strict",
                        "RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_PACKET AF_INET AF_INET6",
                        "RestrictNamespaces=net",
                        "RestrictRealtime=yes",
                        "RestrictSUIDSGID=yes");
    }

    @Test
    void every_hole_of_the_sandbox_is_explained_in_the_page() throws IOException {
        assertThat(Files.readString(HOME.resolve("docs/systemd.md")))
                .contains(
                        "CAP_NET_ADMIN",
                        "CAP_NET_RAW",
                        "CAP_SYS_ADMIN",
                        "AF_INET",
                        "AF_NETLINK",
                        "AF_PACKET",
                        "RestrictNamespaces=net",
                        "/proc/sys/net",
                        "MemoryDenyWriteExecute",
                        "PrivateNetwork",
                        "IPAddressDeny");
    }

    @Test
    void systemd_finds_no_mistake_in_them() throws Exception {
        assertThat(analyze("verify", "--man=no", standIn("weft.socket"), standIn("weft.service")))
                .isEmpty();
    }

    /// The page has what Debian 12's systemd 252 says; newer ones know more to ask for.
    @Test
    void the_exposure_is_what_the_page_says_at_most() throws Exception {
        var told = Pattern.compile("exposure level of ([0-9.]+)")
                .matcher(Files.readString(HOME.resolve("docs/systemd.md")));
        assertThat(told.find()).isTrue();
        var measured = Pattern.compile("Overall exposure level for weft.service: ([0-9.]+)")
                .matcher(analyze("security", "--no-pager", "--offline=true", standIn("weft.service")));
        assumeTrue(measured.find(), "this systemd-analyze says nothing of a unit's file");
        assertThat(Double.parseDouble(measured.group(1))).isLessThanOrEqualTo(Double.parseDouble(told.group(1)));
    }

    /// The unit with a program that is installed here.
    private String standIn(String name) throws IOException {
        var text = Files.readString(UNITS.resolve(name)).replace("/usr/bin/weft", "/bin/true");
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String analyze(String... arguments) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "systemd is not installed here");
        var command = new ProcessBuilder(arguments).redirectErrorStream(true);
        command.command().addFirst("/usr/bin/systemd-analyze");
        var process = command.start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
