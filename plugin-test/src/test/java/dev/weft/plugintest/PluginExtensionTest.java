package dev.weft.plugintest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.plugin.Plugin;
import dev.weft.plugin.client.CommandFailed;
import dev.weft.plugin.client.EngineVersion;
import dev.weft.plugin.client.NetworkSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class PluginExtensionTest {
    private final List<OneNetworkDriver> drivers = new ArrayList<>();

    @RegisterExtension
    final PluginExtension plugin = PluginExtension.serving(() -> {
        drivers.add(new OneNetworkDriver());
        return Plugin.of(drivers.getLast());
    });

    @ParameterizedTest
    @EnumSource
    void docker_commands_reach_the_driver(EngineVersion engine) {
        var docker = plugin.docker(engine);
        var network = docker.networkCreate(NetworkSettings.named("n1").withSubnet("10.1.0.0/24"));
        assertThat(drivers.getFirst().networks).containsExactly(network.id());
        var container = docker.run("c1", network);
        var endpoint = container.endpoint(network).orElseThrow();
        assertThat(endpoint.address()).hasToString("10.1.0.2/24");
        assertThat(drivers.getFirst().endpoints).containsOnlyKeys(endpoint.key());
        assertThat(plugin.docker(engine)).isSameAs(docker);
        docker.stop(container);
        docker.networkRemove(network);
        assertThat(drivers.getFirst().endpoints).isEmpty();
        assertThat(drivers.getFirst().networks).isEmpty();
        assertThat(docker.logged()).isEmpty();
    }

    @Test
    void a_restarted_plugin_knows_only_what_it_has_kept() throws IOException {
        var docker = plugin.docker(EngineVersion.V28_5);
        var network = docker.networkCreate(NetworkSettings.named("n1"));
        plugin.restart();
        assertThat(drivers).hasSize(2);
        assertThatThrownBy(() -> docker.run("c1", network))
                .isInstanceOf(CommandFailed.class)
                .hasMessage("failed to set up container networking: failed to create endpoint c1 on network n1: "
                        + "remote: there is no such network");
    }

    @Test
    void nothing_is_left_after_a_test() throws IOException {
        var other = PluginExtension.serving(() -> Plugin.of(new OneNetworkDriver()));
        assertThatThrownBy(other::socket).isInstanceOf(IllegalStateException.class);
        other.beforeEach(null);
        var socket = other.socket();
        assertThat(other.engine(EngineVersion.V20_10).activate()).containsExactly("NetworkDriver");
        other.afterEach(null);
        assertThat(Files.exists(socket.getParent())).isFalse();
        assertThatThrownBy(() -> other.engine(EngineVersion.V20_10)).isInstanceOf(IllegalStateException.class);
    }
}
