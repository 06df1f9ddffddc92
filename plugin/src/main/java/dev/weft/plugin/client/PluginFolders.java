package dev.weft.plugin.client;

import dev.weft.json.JsonObject;
import dev.weft.json.MalformedJson;
import dev.weft.plugin.client.PluginAddress.Tcp;
import dev.weft.plugin.client.PluginAddress.Tls;
import dev.weft.plugin.client.PluginAddress.TlsFiles;
import dev.weft.plugin.client.PluginAddress.Unix;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where an engine looks for plugins. Source: moby, `pkg/plugins/discovery.go`; recordings 24.
///
/// @param sockets holds `NAME.sock` or `NAME/NAME.sock`
/// @param specs   hold `.spec` and `.json` files, likewise; the first folder that has one counts
public record PluginFolders(Path sockets, List<Path> specs) {
    public static final PluginFolders DEFAULT = new PluginFolders(
            Path.of("/run/docker/plugins"),
            List.of(Path.of("/etc/docker/plugins"), Path.of("/usr/lib/docker/plugins")));

    private static final int SOCKET = 0140000;
    private static final int FILE_TYPE = 0170000;

    public PluginFolders {
        specs = List.copyOf(specs);
    }

    /// Absent if there is no file of that name.
    ///
    /// @throws IOException if the file cannot be read or says nothing that an engine understands
    public Optional<PluginAddress> find(String name) throws IOException {
        for (var socket : candidates(sockets, name, ".sock").toList()) {
            if (isSocket(socket)) {
                return Optional.of(new Unix(socket));
            }
        }
        var files = specs.stream()
                .flatMap(folder -> Stream.of(".spec", ".json").flatMap(ending -> candidates(folder, name, ending)))
                .toList();
        for (var file : files) {
            if (Files.exists(file)) {
                return Optional.of(read(file));
            }
        }
        return Optional.empty();
    }

    private static Stream<Path> candidates(Path folder, String name, String ending) {
        return Stream.of(folder.resolve(name + ending), folder.resolve(name).resolve(name + ending));
    }

    private static boolean isSocket(Path file) throws IOException {
        return Files.exists(file) && ((int) Files.getAttribute(file, "unix:mode") & FILE_TYPE) == SOCKET;
    }

    private static PluginAddress read(Path file) throws IOException {
        try {
            var text = Files.readString(file).strip();
            if (!file.toString().endsWith(".json")) {
                return address(text, new TlsFiles(null, null, null, false));
            }
            var plugin = JsonObject.parse("the file", text);
            return address(plugin.string("Addr"), tlsFiles(plugin.object("TLSConfig")));
        } catch (IllegalArgumentException | MalformedJson unusable) {
            throw new IOException(
                    "cannot use " + file + ": " + unusable.getMessage()
                            + ". Write unix:///SOCKET or tcp://HOST:PORT into a .spec file, or "
                            + "{\"Name\":…,\"Addr\":\"https://HOST:PORT\",\"TLSConfig\":…} into a .json file.",
                    unusable);
        }
    }

    private static TlsFiles tlsFiles(JsonObject config) {
        return new TlsFiles(
                config.optional("CAFile", Path::of),
                config.optional("CertFile", Path::of),
                config.optional("KeyFile", Path::of),
                !config.flag("InsecureSkipVerify", false));
    }

    private static PluginAddress address(String text, TlsFiles files) {
        var address = URI.create(text);
        return switch (String.valueOf(address.getScheme())) {
            case "unix" -> new Unix(Path.of(address.getPath()));
            case "tcp", "http" -> new Tcp(host(address), port(address));
            case "https" -> new Tls(host(address), port(address), files);
            default -> throw new IllegalArgumentException("'" + text + "' is no address of a plugin");
        };
    }

    private static String host(URI address) {
        var host = address.getHost();
        if (host == null) {
            throw new IllegalArgumentException("'" + address + "' names no host");
        }
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(URI address) {
        if (address.getPort() < 1) {
            throw new IllegalArgumentException("'" + address + "' names no port");
        }
        return address.getPort();
    }
}
