package dev.weft.agent.config;

import dev.weft.inet.Subnet;
import dev.weft.ipam.PoolRange;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Every key there is: parsing, variables, flags, `weft config show` and docs/configuration.md follow from this table.
final class Keys {
    static final Key<Path> SOCKET = key(
            "agent.socket",
            Kinds.SOCKET,
            "/run/docker/plugins/weft.sock",
            "--socket",
            "Where engines look for the plugin `weft`.");
    static final Key<Path> ADMIN_SOCKET = key(
            "agent.admin_socket",
            Kinds.SOCKET,
            "/run/weft/admin.sock",
            "--admin-socket",
            "Where the commands of `weft` find the agent.");
    static final Key<Path> STATE =
            key("agent.state", Kinds.PATH, "/var/lib/weft", "--state", "Folder of what must survive the agent.");
    static final Key<String> FABRIC = key(
            "agent.fabric",
            Kinds.NAME_OF_NAMESPACE,
            "weft",
            "--fabric",
            "Network namespace of the bridges, seen by `ip netns`.");
    static final Key<LogLevel> LOG_LEVEL =
            key("agent.log_level", Kinds.LOG_LEVEL, "info", "", "How much the log tells.");
    static final Key<Scope> SCOPE = key(
            "agent.scope",
            Kinds.SCOPE,
            "local",
            "",
            "Whose the networks are: the engine's, or the swarm's (a managed plugin in swarm mode alone).");
    static final Key<Optional<Path>> DOCKER_SOCKET = key(
            "docker.socket",
            Kinds.OPTIONAL_SOCKET,
            "/run/docker.sock",
            "",
            "The engine's API; empty: Weft never talks to it.");
    static final Key<Boolean> START_MISSED_CONTAINERS = key(
            "docker.start_missed_containers",
            Kinds.TRUTH,
            "false",
            "",
            "Whether containers that the engine left down because the agent was late are started.");
    static final Key<Duration> COLLECT_AFTER = key(
            "docker.collect_after",
            Kinds.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
            "2m",
            "",
            "How long the engine must be without a network or an endpoint before Weft removes what it has of it.");
    static final Key<List<Subnet>> GATEWAY_BRIDGE_POOLS = key(
            "docker.gateway_bridge_pools",
            Kinds.SUBNETS_OF_FAMILIES,
            "10.224.0.0/16",
            "",
            "Subnets of `docker_gwbridge`, which Weft makes before an engine does; none: it is left to the engine.");
    static final Key<List<PoolRange>> LOCAL_POOLS = key(
            "ipam.local_pools",
            Kinds.POOL_RANGES,
            "10.192.0.0/12 by /24, fd77:6566:7400::/48 by /64",
            "",
            "Where networks of this host get their subnets.");
    static final Key<List<PoolRange>> GLOBAL_POOLS = key(
            "ipam.global_pools",
            Kinds.POOL_RANGES,
            "10.208.0.0/12 by /24, fd77:6566:7402::/48 by /64",
            "",
            "Where networks of many hosts get their subnets; must not overlap `ipam.local_pools`.");
    static final Key<Duration> RECONCILE_INTERVAL = key(
            "reconcile.interval",
            Kinds.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "1m",
            "",
            "How often what should exist is compared with what does.");

    static final Key<List<URI>> STORE = key(
            "cluster.store",
            Kinds.STORE,
            "",
            "",
            "Members of the etcd by which hosts know of each other; none: this host is alone.");
    static final Key<String> STORE_PREFIX = key(
            "cluster.store_prefix",
            Kinds.NAME_OF_NAMESPACE,
            "weft",
            "",
            "With what all keys of the cluster begin in the etcd: several clusters can share one.");
    static final Key<Optional<Path>> STORE_CA = key(
            "cluster.store_ca",
            Kinds.OPTIONAL_PATH,
            "",
            "",
            "PEM file of the certificates that the etcd's is checked with; empty: those that this machine trusts.");
    static final Key<Optional<Path>> STORE_CERTIFICATE = key(
            "cluster.store_certificate",
            Kinds.OPTIONAL_PATH,
            "",
            "",
            "PEM file of the certificate by which the etcd knows this host.");
    static final Key<Optional<Path>> STORE_KEY = key(
            "cluster.store_key", Kinds.OPTIONAL_PATH, "", "", "PEM file (PKCS #8) of that certificate's private key.");
    static final Key<String> STORE_USER =
            key("cluster.store_user", Kinds.LINE, "", "", "User of the etcd; empty: it asks for none.");
    static final Key<Optional<Path>> STORE_PASSWORD_FILE =
            key("cluster.store_password_file", Kinds.OPTIONAL_PATH, "", "", "File with that user's password.");
    static final Key<List<InetAddress>> ADVERTISE = key(
            "cluster.advertise",
            Kinds.ADDRESSES_OF_FAMILIES,
            "",
            "",
            "Addresses by which other hosts reach this one; none: those of the default route's link.");
    static final Key<Integer> VXLAN_PORT =
            key("cluster.vxlan_port", Kinds.PORT, "4789", "", "UDP port of VXLAN packets, on all hosts the same.");

    /// In the order of the documentation.
    static final List<Key<?>> ALL = List.of(
            SOCKET,
            ADMIN_SOCKET,
            STATE,
            FABRIC,
            LOG_LEVEL,
            SCOPE,
            DOCKER_SOCKET,
            START_MISSED_CONTAINERS,
            COLLECT_AFTER,
            GATEWAY_BRIDGE_POOLS,
            LOCAL_POOLS,
            GLOBAL_POOLS,
            RECONCILE_INTERVAL,
            STORE,
            STORE_PREFIX,
            STORE_CA,
            STORE_CERTIFICATE,
            STORE_KEY,
            STORE_USER,
            STORE_PASSWORD_FILE,
            ADVERTISE,
            VXLAN_PORT);

    private Keys() {}

    private static <T> Key<T> key(String name, Kind<T> kind, String preset, String flag, String meaning) {
        return new Key<>(name, kind, kind.written(preset), flag, meaning);
    }

    static Optional<Key<?>> named(String name) {
        return ALL.stream().filter(key -> key.name().equals(name)).findFirst();
    }

    static boolean hasTable(String name) {
        return ALL.stream().anyMatch(key -> key.table().equals(name));
    }
}
