package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An application of docker-compose. With Docker's own bridges it does the same: only the name of the driver differs.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S140ComposeTest {
    private static final String FILE = """
            version: "2.4"
            services:
              web:
                image: busybox
                hostname: web
                command: httpd -f -h /etc
                ports: ["8080:80"]
                networks:
                  front:
                    ipv4_address: 10.60.0.5
                    ipv6_address: fd00:60::5
                    aliases: [www]
                  back:
              visitor:
                image: busybox
                command: top
                networks: [front]
              store:
                image: busybox
                command: top
                networks:
                  back:
                    ipv4_address: 10.61.0.9
                    aliases: [database]
            networks:
              front:
                driver: DRIVER
                enable_ipv6: true
                ipam:
                  driver: ADDRESSES
                  config:
                    - subnet: 10.60.0.0/24
                      gateway: 10.60.0.1
                    - subnet: fd00:60::/64
                      gateway: fd00:60::1
              back:
                driver: DRIVER
                internal: true
                ipam:
                  driver: ADDRESSES
                  config:
                    - subnet: 10.61.0.0/24
            """;

    private Containers containers;

    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
    }

    @BeforeEach
    void use(Host host) {
        containers = new Containers(host);
    }

    @Test
    void an_application_on_weft_comes_up_and_goes(Lab lab, Host host) throws IOException {
        assertComesUpAndGoes(lab, host, "weft", "default");
    }

    @Test
    void so_it_does_with_addresses_from_weft(Lab lab, Host host) throws IOException {
        assertComesUpAndGoes(lab, host, "weft", "weft");
    }

    @Test
    void so_it_does_on_dockers_own_bridges(Lab lab, Host host) throws IOException {
        assertComesUpAndGoes(lab, host, "bridge", "default");
    }

    private void assertComesUpAndGoes(Lab lab, Host host, String driver, String addresses) throws IOException {
        var before = links(host);
        Files.createDirectories(host.path("/run/app"));
        Files.writeString(
                host.path("/run/app/compose.yml"),
                FILE.replace("DRIVER", driver).replace("ADDRESSES", addresses));
        host.compose("-f", "/run/app/compose.yml", "up", "-d").ok();
        assertThat(host.docker("network", "inspect", "-f", "{{.Driver}} {{.IPAM.Driver}}", "app_front", "app_back")
                        .ok()
                        .out())
                .isEqualTo((driver + " " + addresses + "\n").repeat(2));
        assertWorks(lab, host);
        assertThat(host.compose("-f", "/run/app/compose.yml", "up", "-d").ok().err())
                .as("what is as it should be stays")
                .contains("app_web_1 is up-to-date", "app_visitor_1 is up-to-date", "app_store_1 is up-to-date");
        host.compose("-f", "/run/app/compose.yml", "down", "-t", "0").ok();
        assertThat(host.docker("ps", "-aq").ok().out()).isEmpty();
        assertThat(host.docker("network", "ls", "-q", "-f", "name=app_").ok().out())
                .isEmpty();
        assertThat(links(host)).isEqualTo(before);
        assertThat(new Fabric(host).links()).isEmpty();
    }

    private void assertWorks(Lab lab, Host host) {
        assertThat(containers
                        .exec("app_visitor_1", "ping", "-4", "-c", "1", "-W", "5", "www")
                        .out())
                .contains("PING www (10.60.0.5)");
        containers.ping("app_visitor_1", "fd00:60::5");
        assertThat(containers
                        .exec("app_visitor_1", "wget", "-q", "-O", "-", "http://web/hostname")
                        .text())
                .isEqualTo("web");
        assertThat(containers
                        .exec("app_web_1", "ping", "-4", "-c", "1", "-W", "5", "database")
                        .out())
                .contains("PING database (10.61.0.9)");
        assertThat(containers.reaches("app_visitor_1", "10.61.0.9")).isFalse();
        assertThat(lab.run("wget", "-q", "-O", "-", "http://" + host.address() + ":8080/hostname")
                        .ok()
                        .text())
                .isEqualTo("web");
    }

    /// Of the host. docker_gwbridge stays once it was needed.
    private static String links(Host host) {
        return host.sh("ip -o link | cut -d ' ' -f 2 | grep -v docker_gwbridge")
                .ok()
                .out();
    }
}
