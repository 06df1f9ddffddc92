package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.examples.bridge.BridgeDriver;
import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The plugins of `examples/`, as a reader would run them.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S300ExamplesTest {
    @Test
    void the_bridge_driver_connects_containers_and_publishes_ports(Host host) {
        var socket = "/run/docker/plugins/example.sock";
        var plugin = host.start(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                BridgeDriver.class.getName(),
                socket);
        try {
            Eventually.isTrue("the plugin listens", () -> Files.exists(host.path(socket)));
            host.docker("network", "create", "-d", "example", "mynet").ok();
            var containers = new Containers(host);
            containers.run("one", "mynet", "-p", "8080:80");
            containers.run("two", "mynet");
            containers.ping("two", "one");
            containers.serve("one", "hello from an example");
            assertThat(host.sh("wget -q -O - http://127.0.0.1:8080/").ok().text())
                    .isEqualTo("hello from an example");
            host.docker("rm", "-f", "one", "two").ok();
            host.docker("network", "rm", "mynet").ok();
            assertThat(host.sh("ip netns exec example-bridge ls /sys/class/net")
                            .ok()
                            .text())
                    .isEqualTo("lo");
        } finally {
            plugin.descendants().forEach(ProcessHandle::destroyForcibly);
            plugin.onExit().join();
        }
    }

    @Test
    void the_bridge_driver_is_shorter_than_60_lines() throws IOException {
        var source = Path.of(
                System.getProperty("weft.home"),
                "examples/src/main/java",
                BridgeDriver.class.getName().replace('.', '/') + ".java");
        assertThat(Files.readAllLines(source)).hasSizeLessThan(60);
    }
}
