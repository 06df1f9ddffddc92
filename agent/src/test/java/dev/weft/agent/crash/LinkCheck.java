package dev.weft.agent.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.drivers.mode.LinkNames;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.plugin.client.Endpoint;
import dev.weft.plugin.client.Network;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The links in all namespaces of a host: just those of what the engine has, and packets go through.
final class LinkCheck {
    private static final int PATIENCE_MILLIS = 5_000;
    private static final Set<String> OF_EVERY_HOST = Set.of("lo", Host.PARENT, Host.LAN);

    private final Host host;
    private final Docker docker;

    LinkCheck(Host host, Docker docker) {
        this.host = host;
        this.docker = docker;
    }

    void check() throws Exception {
        assertThat(docker.sandboxes().links())
                .as("links in sandboxes")
                .isEqualTo(Sandboxes.expected(docker.endpoints()));
        try (var fabric = host.fabric()) {
            assertThat(aliases(fabric)).as("links in the fabric").containsExactlyInAnyOrderElementsOf(fabricAliases());
        }
        assertThat(aliases(host.namespace()))
                .as("links in the host's namespace")
                .containsExactlyInAnyOrderElementsOf(hostAliases(network -> true));
        for (var endpoint : docker.endpoints()) {
            pingFromHost(endpoint);
            pingNeighbors(endpoint);
        }
    }

    private static List<String> aliases(NetworkNamespace namespace) {
        try (var netlink = Netlink.open(namespace)) {
            return netlink.links().stream()
                    .filter(link -> !OF_EVERY_HOST.contains(link.name()))
                    .map(link -> link.alias().isEmpty() ? "no alias: " + link.name() : link.alias())
                    .toList();
        }
    }

    private List<String> fabricAliases() {
        var aliases = new ArrayList<>(hostAliases(network -> !isOnLan(network)));
        docker.networks().stream()
                .filter(network -> !isOnLan(network))
                .forEach(network -> aliases.add(LinkNames.networkAlias(network.id())));
        for (var endpoint : docker.endpoints()) {
            if (isOnLan(endpoint.network())) {
                continue;
            }
            aliases.add(LinkNames.endpointAlias(endpoint.key().endpointId()));
            if (has(endpoint, "egress_rate")) { // an ifb link beside the port
                aliases.add(LinkNames.endpointAlias(endpoint.key().endpointId()));
            }
        }
        return aliases;
    }

    /// A container's link is in its sandbox then, and nothing is in the fabric.
    private boolean isOnLan(Network network) {
        return docker.settings(network).options().containsKey("parent");
    }

    private List<String> hostAliases(Predicate<Network> networks) {
        return docker.networks().stream()
                .filter(networks)
                .filter(network -> docker.settings(network).options().containsKey("host_access"))
                .map(network -> LinkNames.hostAlias(network.id()))
                .toList();
    }

    private boolean has(Endpoint endpoint, String option) {
        return docker.settings(endpoint.network()).options().containsKey(option);
    }

    private static List<InetAddress> addresses(Endpoint endpoint) {
        return Stream.of(endpoint.address(), endpoint.addressIpv6())
                .filter(Objects::nonNull)
                .map(cidr -> cidr.address())
                .toList();
    }

    private void pingFromHost(Endpoint endpoint) throws Exception {
        if (has(endpoint, "host_access")) {
            for (var address : addresses(endpoint)) {
                boolean answers = host.namespace().call(() -> address.isReachable(PATIENCE_MILLIS));
                assertThat(answers).as("the host reaches " + address).isTrue();
            }
        }
    }

    private void pingNeighbors(Endpoint endpoint) throws Exception {
        if (has(endpoint, "com.docker.network.bridge.enable_icc")) {
            return;
        }
        for (var other : docker.endpoints()) {
            if (other.network() == endpoint.network() && !other.equals(endpoint)) {
                for (var address : addresses(other)) {
                    boolean answers =
                            docker.sandboxes().namespace(endpoint).call(() -> address.isReachable(PATIENCE_MILLIS));
                    assertThat(answers)
                            .as(address + " is reached by a neighbor")
                            .isTrue();
                }
            }
        }
    }
}
