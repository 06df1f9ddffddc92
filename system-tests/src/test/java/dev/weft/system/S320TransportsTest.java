package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.examples.none.NullDriver;
import dev.weft.http.Certificates;
import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.Plugin;
import dev.weft.plugin.Refusal;
import dev.weft.plugin.server.EngineTls;
import dev.weft.plugin.server.PluginOptions;
import dev.weft.plugin.server.PluginServer;
import dev.weft.plugin.server.PluginSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every way in which the library serves a plugin, found and used by an engine.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S320TransportsTest {
    /// As systemd does with a socket unit: listens, makes that the standard input, and starts the rest.
    private static final String LISTEN = "use Socket; unlink $ARGV[0]; socket(S,AF_UNIX,SOCK_STREAM,0) or die;"
            + " bind(S,sockaddr_un(shift)) or die; listen(S,9) or die; open(STDIN,'<&S') or die; exec @ARGV or die";

    @TempDir
    private static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.make(folder);
    }

    @Test
    void over_TCP_with_a_spec_file(Host host) throws IOException {
        assertServed(host, "/etc/docker/plugins/overtcp.spec", java("overtcp", "tcp"));
    }

    @Test
    void over_TLS_with_a_json_file(Host host) throws IOException {
        assertServed(host, "/etc/docker/plugins/overtls.json", java("overtls", "tls", folder.toString()));
    }

    @Test
    void over_a_unix_socket_elsewhere_with_a_spec_file(Host host) throws IOException {
        assertServed(host, "/etc/docker/plugins/elsewhere.spec", java("elsewhere", "unix"));
    }

    @Test
    void over_a_socket_that_it_was_started_with(Host host) throws IOException {
        var socket = "/run/docker/plugins/inherited.sock";
        Files.createDirectories(host.path("/run/docker/plugins"));
        var command = new ArrayList<>(List.of("perl", "-e", LISTEN, socket));
        command.addAll(java("inherited", "inherited"));
        assertServed(host, socket, command);
        assertThat(host.path(socket)).as("whose file it is").exists();
        Files.delete(host.path(socket));
    }

    private static List<String> java(String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Served.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static void assertServed(Host host, String file, List<String> command) throws IOException {
        var name = Path.of(file).getFileName().toString().replaceFirst("\\..*", "");
        var plugin = host.start(command.toArray(String[]::new));
        try {
            Eventually.isTrue(file + " is there", () -> Files.exists(host.path(file)));
            host.docker("network", "create", "-d", name, "mynet").ok();
            assertThat(host.docker("run", "--rm", "--network", "mynet", "busybox", "echo", "hello")
                            .ok()
                            .text())
                    .isEqualTo("hello");
            host.docker("network", "rm", "mynet").ok();
            assertThat(host.docker("network", "create", "-d", name, "-o", "refuse=it", "mynet")
                            .err())
                    .contains("this driver takes no options");
        } finally {
            plugin.descendants().forEach(ProcessHandle::destroyForcibly);
            plugin.destroyForcibly();
            plugin.onExit().join();
            if (!file.endsWith(".sock")) {
                Files.deleteIfExists(host.path(file));
            }
        }
    }

    /// The null driver on a socket of the test's choice.
    static final class Served extends NullDriver {
        public static void main(String... arguments) throws IOException {
            var name = arguments[0];
            var loopback = new InetSocketAddress("127.0.0.1", 0);
            switch (arguments[1]) {
                case "tcp" -> start(new PluginSocket.Tcp(loopback)).announce(spec(name));
                case "unix" ->
                    start(new PluginSocket.Unix(Path.of("/run/weft-test/" + name + ".sock")))
                            .announce(spec(name));
                case "inherited" -> start(new PluginSocket.Inherited());
                case "tls" -> {
                    var pki = new Certificates(Path.of(arguments[2]));
                    start(new PluginSocket.Tls(
                                    loopback, pki.certificate("server"), pki.key("server"), pki.certificate("ca")))
                            .announce(
                                    Path.of("/etc/docker/plugins/" + name + ".json"),
                                    new EngineTls(pki.certificate("ca"), pki.certificate("client"), pki.key("client")));
                }
                default -> throw new IllegalArgumentException(arguments[1]);
            }
        }

        private static Path spec(String name) {
            return Path.of("/etc/docker/plugins/" + name + ".spec");
        }

        private static PluginServer start(PluginSocket socket) throws IOException {
            return PluginServer.start(socket, Plugin.of(new Served()), PluginOptions.DEFAULT);
        }

        @Override
        public void createNetwork(CreateNetworkRequest request) {
            if (!request.generic().isEmpty()) {
                throw new Refusal("this driver takes no options");
            }
        }
    }
}
