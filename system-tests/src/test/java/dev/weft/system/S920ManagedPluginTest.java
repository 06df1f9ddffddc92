package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.lab.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Docker's own way of installing plugins.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S920ManagedPluginTest {
    private static final String PLUGIN = "weft:latest";
    private static final int ENABLES = Boolean.getBoolean("weft.long") ? 20 : 2;

    @TempDir
    private static Path folder;

    private Host host;
    private Containers containers;

    @BeforeAll
    static void create_and_enable_it(Host host) {
        unpack(host);
        host.docker("plugin", "create", PLUGIN, folder.toString()).ok();
        host.docker("plugin", "enable", PLUGIN).ok();
    }

    private static void unpack(Host host) {
        host.run("tar", "-xzf", Packaged.plugin().toString(), "-C", folder.toString())
                .ok();
    }

    @BeforeEach
    void use(Host ours) {
        host = ours;
        containers = new Containers(host);
    }

    private Result plugin(String... words) {
        return host.docker(words("plugin", words));
    }

    private static String[] words(String first, String... others) {
        var all = new String[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }

    /// Of two containers on a network of it.
    private PingStream pings() {
        host.docker("network", "create", "-d", PLUGIN, "mynet").ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        return PingStream.start(host, "one", "two");
    }

    private void runsContainers(String name) {
        Eventually.isTrue("containers start", () -> {
            boolean started = host.docker("run", "-d", "--name", name, "--network", "mynet", "busybox", "top")
                            .exitCode()
                    == 0;
            if (!started) {
                host.docker("rm", "-f", name);
            }
            return started;
        });
        containers.ping(name, "one");
    }

    /// The agent's process in the plugin's container, as the host sees it.
    private String process() {
        return host.sh("pgrep -f 'lib/weft.jar plugin$'").ok().text();
    }

    @Test
    void its_networks_have_addresses_from_it_names_and_published_ports() {
        host.docker("network", "create", "-d", PLUGIN, "--ipam-driver", PLUGIN, "mynet")
                .ok();
        containers.run("one", "mynet", "-p", "8080:80");
        containers.run("two", "mynet");
        containers.ping("two", "one");
        containers.serve("one", "served");
        assertThat(host.sh("busybox wget -q -O - http://127.0.0.1:8080").ok().text())
                .isEqualTo("served");
        assertThat(containers.address("one", "mynet")).startsWith("10.192.");
        Eventually.isTrue("it is in order", () -> host.weft("status").exitCode() == 0);
        host.weft("state", "backup", "/run/copy.db").ok();
        assertThat(host.sh("head -c 13 /run/copy.db; ls /run/weft").ok().out())
                .startsWith("SQLite format")
                .doesNotContain("leaving");
        assertThat(host.sh("ip netns exec weft ip -br link | grep -c UP").ok().text())
                .isNotEqualTo("0");
    }

    @Test
    void a_crash_of_it_cuts_no_traffic_and_the_engine_starts_it_again() {
        try (var pings = pings()) {
            var before = process();
            host.run("kill", "-KILL", before).ok();
            Eventually.isTrue(
                    "it runs again",
                    () -> host.sh("pgrep -f 'lib/weft.jar plugin$'").out().matches("(?s)\\d+\\s*")
                            && !process().equals(before));
            runsContainers("three");
            pings.isWhole();
        }
    }

    @Test
    void it_is_disabled_told_otherwise_and_enabled_under_traffic() {
        try (var pings = pings()) {
            plugin("disable", "-f", PLUGIN).ok();
            plugin("set", PLUGIN, "WEFT_AGENT_LOG_LEVEL=loud").ok();
            plugin("enable", PLUGIN).ok();
            assertThat(host.docker("network", "create", "-d", PLUGIN, "other").err())
                    .contains("WEFT_AGENT_LOG_LEVEL")
                    .contains("agent.log_level is 'loud'; give error, warning, info or debug");
            plugin("disable", "-f", PLUGIN).ok();
            plugin("set", PLUGIN, "WEFT_AGENT_LOG_LEVEL=debug").ok();
            plugin("enable", PLUGIN).ok();
            runsContainers("three");
            pings.isWhole();
        }
    }

    @Test
    void an_upgrade_from_a_registry_keeps_networks_state_and_traffic() throws IOException {
        var registry = host.startRegistry();
        for (var version : new String[] {"1", "2"}) {
            var reference = registry + "/net/weft:" + version;
            Files.writeString(folder.resolve("rootfs/usr/lib/weft/VERSION"), version); // engines refuse twins
            plugin("create", reference, folder.toString()).ok();
            plugin("push", reference).ok();
            plugin("rm", reference).ok();
        }
        var installed = registry + "/net/weft:1";
        plugin("disable", "-f", PLUGIN).ok();
        plugin("install", "--grant-all-permissions", installed).ok();
        try {
            host.docker("network", "create", "-d", installed, "--ipam-driver", installed, "mynet")
                    .ok();
            containers.run("one", "mynet");
            containers.run("two", "mynet");
            var address = containers.address("two", "mynet");
            try (var pings = PingStream.start(host, "one", "two")) {
                plugin("disable", "-f", installed).ok();
                plugin("upgrade", "--grant-all-permissions", "--skip-remote-check", installed, registry + "/net/weft:2")
                        .ok();
                plugin("enable", installed).ok();
                runsContainers("three");
                pings.isWhole();
            }
            assertThat(plugin("inspect", "-f", "{{.PluginReference}}", installed)
                            .ok()
                            .text())
                    .endsWith("/net/weft:2");
            host.docker("restart", "-t", "0", "one").ok();
            assertThat(containers.address("two", "mynet")).isEqualTo(address);
            assertThat(containers.address("one", "mynet")).isNotIn("", address, containers.address("three", "mynet"));
            host.docker("rm", "-f", "one", "two", "three").ok();
            host.docker("network", "rm", "mynet").ok();
        } finally {
            plugin("rm", "-f", installed);
            plugin("enable", PLUGIN);
        }
    }

    @Test
    void every_enable_succeeds_while_others_want_the_processor() {
        var load = host.start("sh", "-c", "for i in 1 2 3 4; do timeout 300 sh -c 'while :; do :; done' & done; wait");
        try {
            for (int round = 0; round < ENABLES; round++) {
                plugin("disable", PLUGIN).ok();
                plugin("enable", PLUGIN).ok();
            }
        } finally {
            load.descendants().forEach(ProcessHandle::destroy);
            load.destroy();
        }
    }

    @Test
    void in_swarm_mode_its_networks_may_be_the_swarms() {
        host.docker("swarm", "init", "--advertise-addr", host.address()).ok();
        plugin("disable", "-f", PLUGIN).ok();
        plugin("set", PLUGIN, "WEFT_AGENT_SCOPE=global").ok();
        plugin("enable", PLUGIN).ok();
        try {
            host.docker("network", "create", "-d", PLUGIN, "--attachable", "swarmnet")
                    .ok();
            assertThat(host.docker("network", "inspect", "-f", "{{.Scope}}", "swarmnet")
                            .ok()
                            .text())
                    .isEqualTo("swarm");
            containers.run("one", "swarmnet");
            containers.run("two", "swarmnet");
            containers.ping("two", "one");
            host.docker("rm", "-f", "one", "two").ok();
            Eventually.isTrue(
                    "the network can be removed",
                    () -> host.docker("network", "rm", "swarmnet").exitCode() == 0);
        } finally {
            host.docker("swarm", "leave", "--force");
            plugin("disable", "-f", PLUGIN);
            plugin("set", PLUGIN, "WEFT_AGENT_SCOPE=local");
            plugin("enable", PLUGIN);
        }
    }
}
