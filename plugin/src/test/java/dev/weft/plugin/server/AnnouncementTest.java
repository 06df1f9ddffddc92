package dev.weft.plugin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.http.HttpClient;
import dev.weft.plugin.Plugin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How engines are led to a plugin that is not in their folder of sockets.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class AnnouncementTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    private Path folder;

    private PluginServer start(PluginSocket socket) throws IOException {
        return PluginServer.start(socket, Plugin.of(new RecordingDriver()), PluginOptions.DEFAULT);
    }

    @Test
    void a_plugin_on_TCP_is_announced_with_the_port_it_got_and_no_longer_when_it_stops() throws IOException {
        var spec = folder.resolve("plugins/rec.spec");
        try (var server = start(new PluginSocket.Tcp(ANY_PORT));
                var client = new HttpClient(new InetSocketAddress("127.0.0.1", server.port()))) {
            server.announce(spec);
            assertThat(spec).hasContent("tcp://" + ANY_PORT.getHostString() + ":" + server.port());
            assertThat(client.request("POST", "/Plugin.Activate", "", Duration.ofMinutes(1))
                            .body())
                    .isEqualTo("{\"Implements\":[\"NetworkDriver\"]}");
        }
        assertThat(folder.resolve("plugins")).isEmptyDirectory();
    }

    @Test
    void a_server_on_all_addresses_is_announced_on_the_loopback() throws IOException {
        var spec = folder.resolve("rec.spec");
        try (var server = start(new PluginSocket.Tcp(new InetSocketAddress(0)))) {
            server.announce(spec);
            assertThat(spec).hasContent("tcp://127.0.0.1:" + server.port());
        }
    }

    @Test
    void a_plugin_on_a_unix_socket_elsewhere_is_announced_with_its_path() throws IOException {
        var socket = folder.resolve("elsewhere.sock");
        var spec = Files.writeString(folder.resolve("rec.spec"), "left by a crash");
        try (var server = start(new PluginSocket.Unix(socket))) {
            server.announce(spec);
            assertThat(spec).hasContent("unix://" + socket);
        }
        assertThat(spec).doesNotExist();
    }

    @Test
    void an_announcement_that_another_process_has_replaced_stays() throws IOException {
        var spec = folder.resolve("rec.spec");
        try (var server = start(new PluginSocket.Tcp(ANY_PORT))) {
            server.announce(spec);
            Files.writeString(spec, "tcp://127.0.0.1:1\n");
        }
        assertThat(spec).hasContent("tcp://127.0.0.1:1");
    }

    @Test
    void a_plugin_that_is_closed_again_leaves_its_successors_announcement() throws IOException {
        var spec = folder.resolve("rec.spec");
        var socket = new PluginSocket.Unix(folder.resolve("s.sock"));
        var first = start(socket);
        first.announce(spec);
        first.close();
        try (var second = start(socket)) {
            second.announce(spec);
            first.close();
            assertThat(spec).exists();
        }
        assertThatThrownBy(() -> first.announce(spec)).hasMessage("the plugin is closed");
        assertThat(spec).doesNotExist();
    }

    @Test
    void an_announcement_has_no_certificate_of_the_engine_where_none_is_asked_for() {
        var tls = new EngineTls(Path.of("/pki/ca.pem"), null, null);
        assertThat(DiscoveryFile.json(Path.of("rec.json"), "https://10.0.0.1:7002", tls))
                .isEqualTo(new DiscoveryFile(
                        Path.of("rec.json").toAbsolutePath(),
                        "{\"Name\":\"rec\",\"Addr\":\"https://10.0.0.1:7002\",\"TLSConfig\":{\"CAFile\":\"/pki/ca.pem\","
                                + "\"InsecureSkipVerify\":false}}\n"));
        assertThatThrownBy(() -> new EngineTls(folder, folder, null))
                .hasMessage("an engine needs a certificate with its key, or neither");
    }

    @Test
    void an_announcement_for_TLS_names_the_files_of_the_engine() {
        var tls = new EngineTls(Path.of("/pki/ca.pem"), Path.of("/pki/engine.pem"), Path.of("/pki/engine.key"));
        assertThat(DiscoveryFile.json(folder.resolve("rec.json"), "https://10.0.0.1:7002", tls)
                        .content())
                .isEqualTo(
                        "{\"Name\":\"rec\",\"Addr\":\"https://10.0.0.1:7002\",\"TLSConfig\":{\"CAFile\":\"/pki/ca.pem\","
                                + "\"CertFile\":\"/pki/engine.pem\",\"KeyFile\":\"/pki/engine.key\",\"InsecureSkipVerify\":false}}\n");
    }

    @Test
    void what_cannot_be_announced_is_refused() throws IOException {
        try (var server = start(new PluginSocket.Unix(folder.resolve("s.sock")))) {
            assertThatThrownBy(() -> server.announce(folder.resolve("rec.conf")))
                    .hasMessage("cannot announce the plugin in " + folder.resolve("rec.conf")
                            + ": engines read files that end in .spec");
            var tls = new EngineTls(folder, folder, folder);
            assertThatThrownBy(() -> server.announce(folder.resolve("rec.json"), tls))
                    .hasMessage("the plugin is not served with TLS");
            var file = Files.writeString(folder.resolve("file"), "");
            assertThatThrownBy(() -> server.announce(file.resolve("rec.spec")))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot announce the plugin in " + file.resolve("rec.spec") + ": " + file
                            + " is in the way. Remove it, or use another path.");
            var taken = Files.createDirectories(folder.resolve("taken.spec/full"));
            assertThatThrownBy(() -> server.announce(taken.getParent())).isInstanceOf(IOException.class);
            assertThat(folder.resolve(".taken.spec.new")).doesNotExist();
        }
    }
}
