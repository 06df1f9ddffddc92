package dev.weft.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
@DockerHosts
@DisplayNameGeneration(ReplaceUnderscores.class)
class EngineLifeTest {
    private static final String FETCH = "http://10.77.0.1:8080/index.html";

    @Test
    void the_engine_is_of_the_version_that_was_asked_for(Host host) {
        String asked = System.getProperty("weft.engine", "");
        String version =
                host.docker("version", "--format", "{{.Server.Version}}").ok().text();
        assertThat(version).startsWith((asked.isEmpty() ? "28.5" : asked) + ".");
    }

    @Test
    void a_published_port_of_the_built_in_bridge_is_reached_from_the_host_and_from_the_network(Lab lab, Host host) {
        String serve = "echo hello >/index.html; exec httpd -f -p 80";
        host.docker("run", "-d", "-p", "8080:80", "busybox", "sh", "-c", serve).ok();
        String[] fetch = {"busybox", "wget", "-q", "-O", "-", FETCH};
        Wait.until(() -> host.run(fetch).exitCode() == 0, Patience.LONG); // httpd has just begun
        assertThat(host.run(fetch).ok().text()).isEqualTo("hello");
        assertThat(lab.run(fetch).ok().text()).isEqualTo("hello");
    }

    @Test
    void the_engine_finds_its_init_for_containers(Host host) {
        assertThat(host.docker("run", "--rm", "--init", "busybox", "cat", "/proc/1/comm")
                        .ok()
                        .text())
                .isEqualTo("docker-init");
    }

    @Test
    void containers_outlive_the_kill_of_their_engine(Host host) {
        host.docker("run", "-d", "busybox", "top").ok();
        host.killEngine();
        assertThat(host.engineRuns()).isFalse();
        assertThat(host.docker("ps").exitCode()).isNotZero();
        assertThat(host.run("busybox", "pidof", "top", "containerd").ok().text().split(" "))
                .hasSize(2);
    }

    @Test
    void with_live_restore_a_container_outlives_a_restart_of_the_engine(Host host) {
        host.restartEngine("--live-restore");
        host.docker("run", "-d", "--name", "kept", "busybox", "top").ok();
        String before = host.run("busybox", "pidof", "top").ok().text();
        host.restartEngine();
        assertThat(host.engineOptions()).containsExactly("--live-restore");
        assertThat(host.docker("inspect", "-f", "{{.State.Running}}", "kept")
                        .ok()
                        .text())
                .isEqualTo("true");
        assertThat(host.run("busybox", "pidof", "top").ok().text()).isEqualTo(before);
    }

    @Test
    void the_daemons_configuration_file_is_read(Host host) throws IOException {
        Files.writeString(host.path("/etc/docker/daemon.json"), "{\"labels\": [\"rack=7\"]}");
        host.restartEngine();
        assertThat(host.docker("info", "--format", "{{.Labels}}").ok().text()).isEqualTo("[rack=7]");
    }

    @Test
    void an_engine_that_does_not_start_is_reported_with_its_log(Host host) {
        assertThatThrownBy(() -> host.restartEngine("--log-level=nonsense"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("dockerd of host h1 ended at once (1); its log:")
                .hasMessageContaining("nonsense");
    }

    /// As tests put something else in place of the engine's API.
    @Test
    void a_socket_of_this_jvm_serves_programs_of_the_host(Host host) throws Exception {
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(host.path("/run/weft/wrong.sock")));
            Thread.ofVirtual().start(() -> refuse(server));
            assertThat(host.docker("-H", "unix:///run/weft/wrong.sock", "ps").err())
                    .contains("the moon is too close");
        }
    }

    private static void refuse(ServerSocketChannel server) {
        var refusal = "{\"message\":\"the moon is too close\"}";
        var answer = "HTTP/1.1 500 Sorry\r\nContent-Type: application/json\r\nContent-Length: " + refusal.length()
                + "\r\n\r\n" + refusal;
        try {
            while (true) {
                try (var client = server.accept()) {
                    client.read(ByteBuffer.allocate(4096));
                    client.write(US_ASCII.encode(answer));
                }
            }
        } catch (IOException closed) {
            return;
        }
    }

    @Test
    void a_program_of_the_host_ends_with_the_process_that_stands_for_it(Host host) throws InterruptedException {
        Process process = host.start("sleep", "4711");
        assertThat(Wait.until(() -> host.sh("pidof sleep | wc -w").text().equals("2"), Patience.LONG))
                .as("besides the sleep that keeps the host")
                .isTrue();
        process.destroy();
        process.waitFor();
        assertThat(Wait.until(() -> host.sh("pidof sleep | wc -w").text().equals("1"), Patience.LONG))
                .isTrue();
    }

    @Test
    void an_unsuccessful_command_is_thrown_with_all_it_said(Host host) {
        assertThatThrownBy(() -> host.docker("rm", "nobody").ok())
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("'docker rm nobody' ended with 1:")
                .hasMessageContaining("No such container: nobody");
    }
}
