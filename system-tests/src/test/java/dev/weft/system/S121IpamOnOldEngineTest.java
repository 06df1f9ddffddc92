package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Addresses from Weft's own IPAM driver, on the oldest engine.
@Tag("system")
@DockerHosts(value = 1, engine = "20.10")
@DisplayNameGeneration(ReplaceUnderscores.class)
class S121IpamOnOldEngineTest {
    private static final String[] CREATE = {"network", "create", "-d", "weft", "--ipam-driver", "weft"};

    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
    }

    private static String[] create(String... options) {
        return Stream.concat(Arrays.stream(CREATE), Arrays.stream(options)).toArray(String[]::new);
    }

    @Test
    void containers_of_a_chosen_and_of_a_named_subnet_find_each_other(Host host) {
        var containers = new Containers(host);
        host.docker(create("mynet")).ok();
        host.docker(create(
                        "--subnet",
                        "10.50.0.0/16",
                        "--ip-range",
                        "10.50.8.0/24",
                        "--ipv6",
                        "--subnet",
                        "fd00:50::/64",
                        "named"))
                .ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        assertThat(containers.address("two", "mynet")).isEqualTo("10.192.0.3");
        containers.ping("two", "one");
        containers.run("three", "named", "--ip", "10.50.0.9");
        containers.run("four", "named");
        assertThat(containers.address("four", "named")).isEqualTo("10.50.8.1");
        containers.ping("four", "three");
    }

    @Test
    void refusals_are_shown(Host host) {
        assertThat(host.docker(create("--ipam-opt", "x=y", "a")).err())
                .contains("unknown --ipam-opt 'x'; known: prefix_length.");
        host.docker(create("--subnet", "10.53.0.8/31", "mynet")).ok();
        new Containers(host).run("one", "mynet");
        assertThat(host.docker("run", "--rm", "--network", "mynet", "busybox", "true")
                        .err())
                .contains("no address is free in subnet 10.53.0.8/31: all 2 are given, one of them to the gateway");
    }

    @Test
    void an_engine_that_was_killed_keeps_its_addresses(Host host) {
        var containers = new Containers(host);
        host.docker(create("--subnet", "10.56.0.0/24", "mynet")).ok();
        containers.run("one", "mynet", "--restart", "always");
        host.killEngine();
        host.startEngine();
        containers.run("two", "mynet");
        assertThat(containers.address("two", "mynet")).isNotEqualTo(containers.address("one", "mynet"));
        containers.ping("two", "one");
    }
}
