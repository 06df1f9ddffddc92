package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
@DisplayNameGeneration(ReplaceUnderscores.class)
class UpgradeTest {
    @BeforeEach
    void choose_the_stand_in() {
        System.setProperty("weft.agent.command", StandInAgent.command());
    }

    @AfterEach
    void forget_it() {
        System.clearProperty("weft.agent.command");
    }

    private static void makeNetworkAndContainers(Host host) {
        host.docker("network", "create", "--subnet", "10.9.0.0/24", "mynet").ok();
        host.docker("run", "-d", "--name", "stopped", "--network", "mynet", "--ip", "10.9.0.5", "busybox", "top")
                .ok();
        host.docker("stop", "-t", "0", "stopped").ok();
        host.docker("run", "-d", "--name", "always", "--restart", "always", "--network", "mynet", "busybox", "top")
                .ok();
        assertThat(versions(host)).startsWith("20.10.").contains(" 20.10.");
    }

    private static String versions(Host host) {
        return host.docker("version", "-f", "{{.Client.Version}} {{.Server.Version}}")
                .ok()
                .text();
    }

    private static void assertAllIsThere(Host host) {
        assertThat(versions(host)).startsWith("28.5.").contains(" 28.5.");
        host.docker("start", "stopped").ok();
        host.docker("exec", "always", "ping", "-c", "1", "-W", "5", "stopped").ok();
        assertThat(host.docker("inspect", "-f", "{{.NetworkSettings.Networks.mynet.IPAddress}}", "stopped")
                        .ok()
                        .text())
                .isEqualTo("10.9.0.5");
        host.docker("run", "--rm", "--network", "mynet", "busybox", "true").ok();
    }

    @Test
    @DockerHosts(engine = "20.10")
    void a_newer_engine_takes_over_networks_and_containers_while_the_agent_runs_on(Host host) {
        host.startAgent();
        long agent = host.agentPid();
        makeNetworkAndContainers(host);
        host.upgradeEngine("28.5");
        assertAllIsThere(host);
        assertThat(host.agentPid()).isEqualTo(agent);
        assertThat(UnixSocket.accepts(host.pluginSocket())).isTrue();
        host.sh("touch /usr/lib/docker/plugins/x.spec").ok();
        assertThat(host.path("/usr/lib/docker/plugins/x.spec")).exists();
    }

    @Test
    @DockerHosts(engine = "20.10")
    void a_host_that_is_down_boots_with_the_newer_engine(Host host) {
        makeNetworkAndContainers(host);
        host.crash();
        host.upgradeEngine("28.5");
        host.boot();
        assertAllIsThere(host);
    }
}
