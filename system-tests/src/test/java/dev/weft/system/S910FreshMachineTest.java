package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// What users install, on a machine of its own with systemd and Docker from Debian. Both ways in turn: each has
/// to leave the machine as it was.
@Tag("system")
@Tag("long")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S910FreshMachineTest {
    private static final List<String> UNITS = List.of("weft.socket", "weft.service", "docker.service");

    /// The one that has the engine under test, as --long does with 26.1; else the older.
    private static final String RELEASE = System.getProperty("weft.engine", "").equals("26.1") ? "trixie" : "bookworm";

    private Machine machine;

    @BeforeAll
    void boot() {
        machine = Machine.fresh(RELEASE);
        machine.bring(Packaged.deb(), "weft.deb");
        machine.bring(Packaged.tarball(), "weft.tar.gz");
    }

    @AfterAll
    void end() {
        machine.close();
    }

    @Test
    void the_Debian_package_installs_survives_a_reboot_and_leaves_nothing() {
        leavesNothing(
                "apt-get install -q -y /lab/weft.deb",
                this::worksAlsoAfterAReboot,
                "apt-get remove -q -y --purge weft");
    }

    @Test
    void the_tarball_does_likewise() {
        leavesNothing("""
                mkdir /run/unpacked
                tar -C /run/unpacked -xzf /lab/weft.tar.gz
                /run/unpacked/weft-*/weft install
                rm -r /run/unpacked
                """, this::worksAlsoAfterAReboot, "weft uninstall --purge");
    }

    private void leavesNothing(String install, Runnable use, String remove) {
        var before = traces();
        run(install);
        assertThat(lines("systemctl is-active " + String.join(" ", UNITS)))
                .as(machine.console())
                .containsExactly("active", "active", "active");
        assertThat(traces()).contains("/usr/bin/weft lrwxrwxrwx root root ../lib/weft/weft");
        use.run();
        run(remove);
        // Docker's own, which Weft made for it beforehand
        machine.run("docker network rm docker_gwbridge");
        var after = traces();
        assertThat(without(after, before)).as("what is left").isEmpty();
        assertThat(without(before, after)).as("what is missing").isEmpty();
    }

    private void worksAlsoAfterAReboot() {
        run("""
                docker network create --driver weft mynet
                docker run --name=web --restart=always --detach --network=mynet busybox top
                """);
        speaksOnALan();
        machine.reboot();
        assertThat(starts())
                .as("the units' starts in the reboot")
                .hasSize(UNITS.size())
                .doesNotContain(0L)
                .isSorted();
        run("docker run --rm --network=mynet busybox ping -c 1 -w 10 web");
        isInOrder();
        run("docker rm --force web && docker network rm mynet");
    }

    /// The sandbox of the service lets the agent ask the LAN for an address, and announce it there.
    private void speaksOnALan() {
        run("""
                ip link add lan0 type dummy
                ip link set lan0 up
                docker network create --driver weft -o mode=macvlan -o parent=lan0 --subnet 10.70.0.0/24 lan
                docker run --rm --network=lan busybox sleep 2
                docker network rm lan
                ip link delete lan0
                """);
        assertThat(lines("journalctl --unit=weft.service --priority=warning --output=cat"))
                .noneMatch(line -> line.contains("LAN"));
    }

    private void isInOrder() {
        run("""
                tries=60 # a slow machine's engine does not answer everything in time at first
                until weft status; do tries=$((tries - 1)); [ $tries -gt 0 ] || exit 1; sleep 1; done
                weft state backup /root/weft.db
                rm /root/weft.db
                """);
    }

    /// When each of the units became active in this boot, in microseconds.
    private List<Long> starts() {
        return lines("systemctl show --property=ActiveEnterTimestampMonotonic --value " + String.join(" ", UNITS))
                .stream()
                .filter(line -> !line.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    /// Whatever a package could leave: files with their modes, owners and links, the content of the
    /// configuration, users, units, links, rules, namespaces and mounts. Not what dpkg, Docker and the
    /// journal keep for themselves.
    private List<String> traces() {
        return lines("""
                find / -xdev -not -path '/lab/*' -not -path '/var/lib/docker/*' -not -path '/var/lib/containerd/*' \
                    -not -path '/var/log/*' -not -path '/var/cache/*' -not -path '/var/lib/apt/*' \
                    -not -path '/var/lib/dpkg/*-old' -not -path '/var/tmp/*' -not -path '/tmp/*' \
                    -printf '%p %M %u %g %l\\n' | sort
                find /etc -type f -exec md5sum {} + | sort
                find /run/weft /run/netns /run/docker/plugins ! -type d 2>/dev/null | sort
                dpkg --get-selections
                systemctl list-unit-files --all --no-legend 'weft*'
                systemctl list-units --all --no-legend 'weft*'
                ip -o link | cut -d: -f2
                iptables-save | grep -v '^[#:]' | sort
                readlink /proc/[0-9]*/ns/net | sort -u | wc -l
                grep nsfs /proc/mounts
                cat /proc/[0-9]*/comm | grep java
                """);
    }

    private static List<String> without(List<String> lines, List<String> others) {
        var rest = new ArrayList<>(lines);
        rest.removeAll(Set.copyOf(others));
        return rest;
    }

    private void run(String script) {
        machine.run("set -ex\n" + script).ok();
    }

    private List<String> lines(String script) {
        return machine.run(script).out().lines().toList(); // ends with what its last command found
    }
}
