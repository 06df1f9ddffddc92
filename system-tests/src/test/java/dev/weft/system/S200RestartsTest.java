package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Agents and engines that stop, die and come back.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S200RestartsTest {
    private Containers containers;

    @BeforeEach
    void agentRuns(Host host) {
        containers = new Containers(host);
        if (!host.agentRuns()) {
            host.startAgent();
        }
    }

    @Test
    void packets_flow_while_no_agent_runs_and_everything_works_when_it_is_back(Host host) {
        host.docker("network", "create", "-d", "weft", "mynet").ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        host.stopAgent();
        assertThat(host.agentLog(1)).endsWith("stopped; networks and containers stay as they are");
        containers.ping("one", "two");
        host.startAgent();
        containers.run("three", "mynet");
        containers.ping("three", "one");
        host.docker("rm", "-f", "one", "two", "three").ok();
        host.docker("network", "rm", "mynet").ok();
        assertThat(new Fabric(host).links()).isEmpty();
    }

    @Test
    void no_packet_is_lost_while_an_agent_is_killed_and_started(Host host) {
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        try (var pings = PingStream.start(host, "one", "two")) {
            for (int i = 0; i < 3; i++) {
                host.killAgent();
                host.startAgent();
            }
            pings.isWhole();
        }
    }

    @Test
    void a_restarted_engine_finds_its_networks(Host host) {
        host.docker("network", "create", "-d", "weft", "mynet").ok();
        host.docker("run", "-d", "--name", "one", "--restart", "always", "--network", "mynet", "busybox", "top")
                .ok();
        host.restartEngine();
        containers.run("two", "mynet");
        containers.ping("two", "one");
    }

    @Test
    void an_engine_that_was_killed_finds_its_networks_and_leaves_no_links_behind(Host host) {
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        host.docker("run", "-d", "--name", "one", "--restart", "always", "--network", "mynet", "busybox", "top")
                .ok();
        host.killEngine();
        host.startEngine();
        containers.run("two", "mynet");
        containers.ping("two", "one");
        assertThat(new Fabric(host).links()).hasSize(3);
    }

    @Test
    void with_live_restore_containers_talk_while_the_engine_is_stopped_or_killed(Host host) {
        host.restartEngine("--live-restore");
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        var pid = host.docker("inspect", "-f", "{{.State.Pid}}", "one").ok().text();
        var address = containers.address("two", "mynet");
        for (Consumer<Host> end : List.<Consumer<Host>>of(Host::stopEngine, Host::killEngine)) {
            end.accept(host);
            host.sh("nsenter -t " + pid + " -n -m --root=/proc/" + pid + "/root ping -c 2 -W 5 " + address)
                    .ok();
            host.startEngine();
            containers.ping("one", "two");
        }
        containers.run("three", "mynet");
        containers.ping("three", "one");
    }

    @Test
    void an_engine_whose_networks_have_dockers_own_addresses_starts_without_looking_for_the_agent(Host host) {
        for (var network : List.of("net1", "net2", "net3")) {
            host.docker("network", "create", "-d", "weft", network).ok();
        }
        containers.run("one", "net1");
        host.docker("stop", "-t", "0", "one").ok();
        host.stopAgent();
        int before = host.engineLog().length();
        host.restartEngine();
        var lookUp = "Unable to locate plugin: weft";
        assertThat(host.engineLog().substring(before))
                .contains("API listen on /run/docker.sock")
                .doesNotContain(lookUp);
        var late = CompletableFuture.supplyAsync(() -> host.docker("start", "one"));
        Eventually.isTrue(
                "the engine looks when it needs the agent",
                () -> host.engineLog().substring(before).contains(lookUp));
        host.startAgent();
        late.join().ok();
    }

    @Test
    void after_a_power_loss_networks_are_there_and_nothing_old_is_in_the_way(Host host) {
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        containers.run("one", "mynet");
        host.crash();
        host.boot();
        host.startAgent();
        host.docker("start", "one").ok();
        containers.run("two", "mynet");
        containers.ping("two", "one");
        assertThat(new Fabric(host).links()).hasSize(3);
    }

    @Test
    void an_agent_that_stops_lets_go_of_its_socket(Host host) {
        host.stopAgent();
        assertThat(host.pluginSocket()).doesNotExist();
    }

    @Test
    void the_command_line_works_beside_the_agent(Host host) {
        assertThat(host.weft("version").ok().out()).startsWith("weft 0.1.0 (Java 25");
    }
}
