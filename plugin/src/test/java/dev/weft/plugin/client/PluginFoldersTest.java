package dev.weft.plugin.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.plugin.client.PluginAddress.Tcp;
import dev.weft.plugin.client.PluginAddress.Tls;
import dev.weft.plugin.client.PluginAddress.TlsFiles;
import dev.weft.plugin.client.PluginAddress.Unix;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Recordings 24.
@DisplayNameGeneration(ReplaceUnderscores.class)
class PluginFoldersTest {
    @TempDir
    private Path root;

    private PluginFolders folders;

    @BeforeEach
    void makeFolders() throws IOException {
        for (var folder : List.of("run/rec", "etc", "usr/rec")) {
            Files.createDirectories(root.resolve(folder));
        }
        folders = new PluginFolders(root.resolve("run"), List.of(root.resolve("etc"), root.resolve("usr")));
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(root.resolve(file), text);
    }

    private Path socket(String file) throws IOException {
        var socket = root.resolve(file);
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket))
                .close();
        return socket;
    }

    @Test
    void sockets_come_before_files_and_the_first_folder_before_the_second() throws IOException {
        assertThat(folders.find("rec")).isEmpty();
        write("run/rec.sock", "not a socket");
        write("usr/rec/rec.json", "{\"Name\":\"rec\",\"Addr\":\"http://127.0.0.1:7001\"}");
        assertThat(folders.find("rec")).contains(new Tcp("127.0.0.1", 7001));
        write("etc/rec.json", "{\"Name\":\"rec\",\"Addr\":\"http://[::1]:7002\"}");
        assertThat(folders.find("rec")).contains(new Tcp("::1", 7002));
        write("etc/rec.spec", "tcp://localhost:7003\n");
        assertThat(folders.find("rec")).contains(new Tcp("localhost", 7003));
        var inner = socket("run/rec/rec.sock");
        assertThat(folders.find("rec")).contains(new Unix(inner));
        Files.delete(root.resolve("run/rec.sock"));
        var outer = socket("run/rec.sock");
        assertThat(folders.find("rec")).contains(new Unix(outer));
    }

    @Test
    void a_spec_may_name_a_socket_elsewhere() throws IOException {
        write("usr/own.spec", "unix:///run/own/place.sock\n");
        assertThat(folders.find("own")).contains(new Unix(Path.of("/run/own/place.sock")));
    }

    @Test
    void https_comes_with_its_files() throws IOException {
        write(
                "etc/tls.json",
                "{\"Name\":\"tls\",\"Addr\":\"https://127.0.0.1:7002\",\"TLSConfig\":{\"InsecureSkipVerify\":false,"
                        + "\"CAFile\":\"/t/ca.crt\",\"CertFile\":\"/t/client.crt\",\"KeyFile\":\"/t/client.key\"}}");
        var files = new TlsFiles(Path.of("/t/ca.crt"), Path.of("/t/client.crt"), Path.of("/t/client.key"), true);
        assertThat(folders.find("tls")).contains(new Tls("127.0.0.1", 7002, files));
        write(
                "etc/open.json",
                "{\"Name\":\"open\",\"Addr\":\"https://127.0.0.1:7002\",\"TLSConfig\":{\"InsecureSkipVerify\":true,"
                        + "\"CAFile\":\"/pki/ca.pem\"}}");
        assertThat(folders.find("open"))
                .contains(new Tls("127.0.0.1", 7002, new TlsFiles(Path.of("/pki/ca.pem"), null, null, false)));
        write("etc/bare.json", "{\"Name\":\"bare\",\"Addr\":\"https://127.0.0.1:7002\"}");
        assertThat(folders.find("bare")).contains(new Tls("127.0.0.1", 7002, new TlsFiles(null, null, null, false)));
    }

    @Test
    void files_that_say_nothing_are_named() throws IOException {
        write("etc/a.spec", "nothing at all");
        write("etc/b.json", "{}");
        write("etc/c.spec", "tcp://localhost");
        assertThatThrownBy(() -> folders.find("a"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot use " + root.resolve("etc/a.spec") + ": ");
        assertThatThrownBy(() -> folders.find("b")).hasMessageContaining("the file's field Addr is missing");
        assertThatThrownBy(() -> folders.find("c")).hasMessageContaining("'tcp://localhost' names no port");
        assertThatThrownBy(() -> EngineClient.discover(EngineVersion.V28_5, "a", folders))
                .isInstanceOf(CallFailed.class)
                .hasMessageStartingWith("cannot use ");
    }
}
