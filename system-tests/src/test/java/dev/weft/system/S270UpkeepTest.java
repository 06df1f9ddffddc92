package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.HttpResponse;
import dev.weft.http.HttpServer;
import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What engines forget to tell, and the agent finds out.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S270UpkeepTest {
    private Containers containers;
    private Fabric fabric;

    @BeforeEach
    void agentThatLooksOften(Host host) throws IOException {
        containers = new Containers(host);
        fabric = new Fabric(host);
        new AgentSettings(host).startWith("docker.collect_after = '1s'");
    }

    @AfterEach
    void anAgentRuns(Host host) throws IOException {
        new AgentSettings(host).startWithDefaults();
    }

    /// The agent is stopped, and what stands in its place refuses every call: for one that is not there an engine would
    /// wait 15 s each time.
    private static void unheard(Host host, Runnable commands) throws IOException {
        host.stopAgent();
        try (var _ = HttpServer.listen(host.pluginSocket(), _ -> new HttpResponse(500, "", "no agent"))) {
            commands.run();
        }
    }

    /// As an operator sees it: SQLite's own tool is not there, so the log tells.
    private static void isTold(Host host, long mark, String sentence) {
        Eventually.isTrue(
                "the log says: " + sentence, () -> host.agentLogSince(mark).contains(sentence));
    }

    @Test
    void a_network_whose_removal_no_agent_heard_is_collected(Host host) throws IOException {
        var network =
                host.docker("network", "create", "-d", "weft", "gone").ok().text();
        unheard(host, () -> host.docker("network", "rm", "gone").ok());
        long mark = host.agentLogMark();
        host.startAgent();
        isTold(host, mark, "removed network " + network + ", which the engine no longer has");
        assertThat(fabric.links()).isEmpty();
    }

    @Test
    void an_endpoint_an_address_and_a_pool_whose_release_no_agent_heard_are_collected(Host host) throws IOException {
        host.docker(
                        "network",
                        "create",
                        "-d",
                        "weft",
                        "--ipam-driver",
                        "weft",
                        "--internal",
                        "--subnet",
                        "10.9.0.0/24",
                        "mynet")
                .ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        unheard(host, () -> host.docker("rm", "-f", "one").ok());
        long mark = host.agentLogMark();
        host.startAgent();
        isTold(host, mark, ", which the engine no longer has");
        isTold(host, mark, "removed address 10.9.0.");
        assertThat(fabric.links()).hasSize(2); // the bridge and the port of the other
        containers.run("three", "mynet");
        containers.ping("three", "two");
        unheard(host, () -> {
            host.docker("rm", "-f", "two", "three").ok();
            host.docker("network", "rm", "mynet").ok();
        });
        long later = host.agentLogMark();
        host.startAgent();
        isTold(host, later, "removed subnet 10.9.0.0/24, which the engine no longer has");
        Eventually.isTrue("no link is left", () -> fabric.links().isEmpty());
    }

    @Test
    void links_of_endpoints_that_neither_the_record_nor_the_engine_has_are_removed(Host host) {
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        fabric.ip("link add left0 type veth peer name left1");
        long mark = host.agentLogMark();
        fabric.ip("link set left0 alias 'weft endpoint 0123'");
        isTold(host, mark, "removed the links of weft endpoint 0123, which the engine no longer has");
        assertThat(fabric.links()).doesNotContain("left0");
    }

    @Test
    void an_engine_with_another_id_loses_nothing(Host host) throws IOException {
        host.docker("network", "create", "-d", "weft", "kept").ok();
        host.docker("network", "create", "-d", "weft", "kept2").ok();
        long learned = host.agentLogMark();
        unheard(host, () -> host.docker("network", "rm", "kept").ok());
        host.stopEngine();
        var id = identity(host);
        var before = Files.readString(id);
        Files.delete(id); // the engine makes another
        host.startEngine();
        long mark = host.agentLogMark();
        host.startAgent();
        isTold(host, mark, "the engine is another one than that whose networks are on record");
        assertThat(host.agentLogSince(learned)).doesNotContain("removed network");
        assertThat(fabric.links()).hasSize(2);
        Files.writeString(id, before);
        host.restartEngine();
        isTold(host, mark, ", which the engine no longer has");
        assertThat(fabric.links()).hasSize(1);
    }

    /// Up to 20.10 the id is that of a key.
    private static Path identity(Host host) {
        var own = host.path("/var/lib/docker/engine-id");
        return Files.exists(own) ? own : host.path("/etc/docker/key.json");
    }

    @Test
    void docker_gwbridge_has_the_configured_subnet_before_any_container_needs_it(Host host) throws IOException {
        host.docker("network", "rm", "docker_gwbridge"); // the default's
        new AgentSettings(host).startWith("docker.gateway_bridge_pools = ['10.225.0.0/16']");
        Eventually.isTrue(
                "it is there",
                () -> host.docker("network", "ls", "-q", "-f", "name=docker_gwbridge")
                                .out()
                                .length()
                        > 0);
        assertThat(host.docker(
                                "network",
                                "inspect",
                                "-f",
                                "{{range .IPAM.Config}}{{.Subnet}}{{end}}",
                                "docker_gwbridge")
                        .ok()
                        .text())
                .isEqualTo("10.225.0.0/16");
    }
}
