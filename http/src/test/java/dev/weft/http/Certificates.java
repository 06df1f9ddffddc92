package dev.weft.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// PEM files of a CA, and of a server and a client that it signed; and of a stranger that signed itself. Made by the
/// JDK's keytool.
public record Certificates(Path folder) {
    private static final String PASSWORD = "password";

    /// Takes about three seconds.
    public static Certificates make(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        var store = folder.resolve("all.p12");
        keytool(store, "ca", "-ext", "bc:c");
        keytool(store, "server", "-signer", "ca", "-ext", "san=ip:127.0.0.1");
        keytool(store, "client", "-signer", "ca");
        keytool(store, "stranger");
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        for (var name : List.of("ca", "server", "client", "stranger")) {
            write(folder.resolve(name + ".pem"), "CERTIFICATE", keys.getCertificate(name));
            write(folder.resolve(name + ".key"), keys.getKey(name, PASSWORD.toCharArray()));
        }
        return new Certificates(folder);
    }

    private static void keytool(Path store, String name, String... further) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(further));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + output);
        }
    }

    private static void write(Path file, String kind, Certificate certificate)
            throws IOException, GeneralSecurityException {
        write(file, kind, certificate.getEncoded());
    }

    private static void write(Path file, Key key) throws IOException {
        write(file, "PRIVATE KEY", key.getEncoded());
    }

    private static void write(Path file, String kind, byte[] encoded) throws IOException {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        Files.writeString(file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }

    public Path certificate(String name) {
        return folder.resolve(name + ".pem");
    }

    public Path key(String name) {
        return folder.resolve(name + ".key");
    }
}
