package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
@DockerHosts
@DisplayNameGeneration(ReplaceUnderscores.class)
class EngineLifeTest {
    @Test
    void the_engine_is_of_the_version_that_was_asked_for(Host host) {
        String version =
                host.docker("version", "--format", "{{.Server.Version}}").ok().text();
        assertThat(version).startsWith(System.getProperty("weft.engine", "28.5") + ".");
    }

    @Test
    void a_published_port_is_reached_from_the_host(Host host) {
        host.docker(
                        "run",
                        "-d",
                        "--name",
                        "web",
                        "-p",
                        "8080:80",
                        "busybox",
                        "sh",
                        "-c",
                        "echo hello >/i.html; httpd -f -p 80")
                .ok();
        assertThat(host.run("busybox", "wget", "-q", "-O", "-", "http://10.77.0.1:8080/i.html")
                        .ok()
                        .text())
                .isEqualTo("hello");
    }
}
