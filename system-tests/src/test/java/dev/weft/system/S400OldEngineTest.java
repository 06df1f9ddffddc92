package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What only old engines do, in every run of the tests: an empty `Host` header, no `Content-Type`, EndpointOperInfo
/// twice and fatal, networks set up before the container's first process.
@Tag("system")
@DockerHosts(value = 1, engine = "20.10")
@DisplayNameGeneration(ReplaceUnderscores.class)
class S400OldEngineTest {
    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
    }

    @Test
    void engine_20_10_runs_containers_that_find_each_other(Host host) {
        var containers = new Containers(host);
        host.docker("network", "create", "--driver", "weft", "mynet").ok();
        containers.run("one", "mynet", "-p", "8080:80");
        containers.run("two", "mynet");
        containers.ping("two", "one");
        containers.serve("one", "hello");
        assertThat(host.sh("wget -q -O - http://127.0.0.1:8080/").ok().text()).isEqualTo("hello");
        host.docker("restart", "-t", "0", "one").ok();
        containers.ping("two", "one");
    }

    @Test
    void the_client_is_the_engines_own(Host host) {
        assertThat(host.docker("version", "-f", "{{.Client.Version}}").ok().text())
                .startsWith("20.10");
    }

    @Test
    void engine_20_10_shows_a_refusal(Host host) {
        assertThat(host.docker("network", "create", "-d", "weft", "-o", "colour=blue", "mynet")
                        .err())
                .contains("unknown option 'colour'; known: com.docker.network.bridge.enable_icc,"
                        + " com.docker.network.driver.mtu, egress_rate, flood, host_access, ingress_rate, mode,"
                        + " routes, scope, vni, weft.network.");
    }
}
