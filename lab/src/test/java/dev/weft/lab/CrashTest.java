package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
@DockerHosts(2)
@DisplayNameGeneration(ReplaceUnderscores.class)
class CrashTest {
    @Test
    void a_power_loss_takes_processes_links_and_run_and_leaves_the_disk(Host host) throws IOException {
        host.docker("run", "-d", "--name", "kept", "busybox", "top").ok();
        host.sh("touch /var/lib/weft/kept /etc/weft/kept /run/weft/lost; ip link add extra type bridge")
                .ok();
        long before = host.pid();
        host.crash();
        assertThat(ProcessHandle.of(before)).isEmpty();
        assertThatThrownBy(() -> host.run("true")).hasMessage("host h1 is down (crash); boot it first");

        host.boot();
        assertThat(Files.exists(host.path("/var/lib/weft/kept"))).isTrue();
        assertThat(Files.exists(host.path("/etc/weft/kept"))).isTrue();
        assertThat(Files.exists(host.path("/run/weft/lost"))).isFalse();
        assertThat(host.run("ip", "link", "show", "extra").exitCode()).isNotZero();
        assertThat(host.run("busybox", "pidof", "top").exitCode()).isNotZero();
        assertThat(host.docker("inspect", "-f", "{{.State.Running}}", "kept")
                        .ok()
                        .text())
                .isEqualTo("false");
        host.docker("start", "kept").ok();
    }

    @Test
    void other_hosts_reach_it_again_without_learning_a_new_address(Lab lab) {
        Host one = lab.host(1);
        Host two = lab.host(2);
        two.run("busybox", "ping", "-c", "1", "-W", "2", one.address()).ok();
        one.crash();
        one.boot();
        two.run("busybox", "ping", "-c", "1", "-W", "2", one.address()).ok();
    }

    @Test
    void a_partition_outlives_the_boot(Lab lab) {
        lab.cut(lab.host(1));
        lab.host(1).crash();
        lab.host(1).boot();
        assertThat(lab.run("busybox", "ping", "-c", "1", "-W", "1", "10.77.0.1").exitCode())
                .isEqualTo(1);
        lab.heal(lab.host(1));
        lab.run("busybox", "ping", "-c", "1", "-W", "5", "10.77.0.1").ok();
    }
}
