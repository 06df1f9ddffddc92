package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
@DisplayNameGeneration(ReplaceUnderscores.class)
class ComposeTest {
    private static final String FILE = """
            version: "2.4"
            services:
              one:
                image: busybox
                command: top
                networks:
                  inner:
                    ipv4_address: 10.9.0.5
                    aliases: [first]
              two:
                image: busybox
                command: top
                networks: [inner]
            networks:
              inner:
                driver: bridge
                ipam:
                  config:
                    - subnet: 10.9.0.0/24
            """;

    @Test
    @DockerHosts(engine = "28.5")
    void a_file_comes_up_and_down_on_28_5(Host host) throws IOException {
        assertComesUpAndDown(host);
    }

    @Test
    @DockerHosts(engine = "20.10")
    void a_file_comes_up_and_down_on_20_10(Host host) throws IOException {
        assertComesUpAndDown(host);
    }

    private static void assertComesUpAndDown(Host host) throws IOException {
        Files.createDirectories(host.path("/run/app"));
        Files.writeString(host.path("/run/app/compose.yml"), FILE);
        host.compose("-f", "/run/app/compose.yml", "up", "-d").ok();
        assertThat(host.docker("exec", "app_two_1", "ping", "-c", "1", "-W", "5", "first")
                        .ok()
                        .out())
                .contains("PING first (10.9.0.5)");
        host.compose("-f", "/run/app/compose.yml", "down").ok();
        assertThat(host.docker("ps", "-aq").ok().out()).isEmpty();
        assertThat(host.docker("network", "ls", "-q", "--filter", "type=custom")
                        .ok()
                        .out())
                .isEmpty();
    }

    @Test
    @DockerHosts
    void what_it_refuses_is_told(Host host) {
        assertThat(host.compose("-f", "/run/nothing.yml", "up").err())
                .contains("No such file or directory: '/run/nothing.yml'");
    }
}
