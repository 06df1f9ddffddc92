package dev.weft.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an etcd is reached.
///
/// @param endpoints   `http://` or `https://` with host and port: members of one cluster
/// @param prefix      of all keys: several clusters of Weft's can share an etcd
/// @param authorities PEM file of the certificates that are trusted; null: those that the machine trusts
/// @param certificate PEM file with which this host says who it is, to an etcd that asks; null: none
/// @param key         PEM file (PKCS #8) of the certificate's private key
/// @param user        of etcd's own; null: none
public record EtcdSettings(
        List<URI> endpoints,
        String prefix,
        @Nullable Path authorities,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable String user,
        @Nullable String password) {
    public EtcdSettings {
        endpoints = List.copyOf(endpoints);
    }

    boolean isEncrypted() {
        return endpoints.stream().anyMatch(endpoint -> "https".equals(endpoint.getScheme()));
    }

    /// Without what is secret.
    @Override
    public String toString() {
        return String.join(", ", endpoints.stream().map(URI::toString).toList()) + " under " + prefix;
    }
}
