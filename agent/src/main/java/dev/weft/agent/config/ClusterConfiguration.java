package dev.weft.agent.config;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How this host is in a cluster.
///
/// @param store        members of an etcd, not none
/// @param prefix       of all keys there
/// @param authorities  PEM file
/// @param certificate  PEM file
/// @param key          PEM file; there if and only if the certificate is
/// @param user         empty: none
/// @param passwordFile there if and only if the user is
/// @param advertise    addresses of this host, at most one of each family; none: those of the default route
/// @param vxlanPort    UDP
public record ClusterConfiguration(
        List<URI> store,
        String prefix,
        Optional<Path> authorities,
        Optional<Path> certificate,
        Optional<Path> key,
        String user,
        Optional<Path> passwordFile,
        List<InetAddress> advertise,
        int vxlanPort) {
    public ClusterConfiguration {
        store = List.copyOf(store);
        advertise = List.copyOf(advertise);
    }
}
