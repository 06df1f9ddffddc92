package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.lab.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Disks under `/var/lib/weft` that take nothing more.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S281BadDisksTest {
    private static final String CANNOT_WRITE = "cannot write to /var/lib/weft/weft.db: ";

    private static final String CANNOT_OPEN =
            "the Weft agent cannot work: cannot open the state in /var/lib/weft/weft.db: ";
    private static final String CHECK_AND_RESTART =
            ". Check that the disk is not full and is writable, then restart the agent.\n";

    private Containers containers;
    private Fabric fabric;

    @BeforeAll
    static void giveTheStateADiskOfItsOwn(Host host) throws IOException {
        host.limitState(8);
        new AgentSettings(host).startWith("docker.collect_after = '1s'");
    }

    @BeforeEach
    void run_two_containers(Host host) {
        containers = new Containers(host);
        fabric = new Fabric(host);
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
    }

    @AfterEach
    void mend_the_disk(Host host) {
        host.freeState();
        host.stateReadOnly(false);
        host.killAgent();
        host.startAgent();
    }

    /// SQLite's log may have room for a few writes more.
    ///
    /// @return how many networks were taken
    private int assertSoonNothingIsTaken(Host host) {
        var networks = new ArrayList<Result>();
        var refused = untilRefused(() -> {
            networks.add(create(host, networks.size()));
            return networks.getLast();
        });
        assertThat(refused.err()).contains("cannot create network ", CANNOT_WRITE, ". Nothing was changed; check that");
        assertThat(untilRefused(() -> host.docker("run", "--rm", "--network", "mynet", "busybox", "true"))
                        .err())
                .contains("cannot ", " network ", CANNOT_WRITE);
        containers.ping("one", "two");
        return networks.size() - 1;
    }

    private static Result untilRefused(Supplier<Result> command) {
        for (int i = 0; i < 50; i++) {
            var result = command.get();
            if (result.exitCode() != 0) {
                return result;
            }
        }
        return fail("a disk that takes nothing takes everything");
    }

    private static Result create(Host host, int number) {
        return host.docker("network", "create", "-d", "weft", "--internal", "more" + number);
    }

    private void assertAllWorks(Host host) {
        host.docker("network", "create", "-d", "weft", "new").ok();
        host.docker("network", "rm", "new").ok();
        containers.run("three", "mynet");
        containers.ping("three", "one");
    }

    @Test
    void on_a_full_disk_commands_fail_in_words_until_there_is_room(Host host) {
        host.stopAgent(); // SQLite's log is empty then, so that every write needs room
        host.startAgent();
        containers.run("three", "mynet");
        host.fillState();
        int taken = assertSoonNothingIsTaken(host);
        host.docker("rm", "-f", "two").ok();
        host.freeState();
        host.docker("rm", "-f", "three").ok();
        assertAllWorks(host);
        Eventually.isTrue(
                "what was left of a container that was removed meanwhile is collected",
                () -> fabric.links().size() == 3 + taken);
        host.killAgent();
        host.startAgent();
        for (int number = 0; number < taken; number++) {
            containers.run("in" + number, "more" + number);
        }
        containers.run("four", "mynet");
        containers.ping("four", "one");
    }

    @Test
    void an_agent_that_starts_on_a_full_disk_stays_and_knows_all_that_was_answered(Host host) {
        host.fillState();
        host.killAgent();
        host.startAgent();
        // It can open its state or not: that depends on what the one before has left room for.
        assertThat(untilRefused(() -> host.docker("run", "--rm", "--network", "mynet", "busybox", "true"))
                        .err())
                .contains("/var/lib/weft/weft.db: ", "heck that the disk is not full and is writable");
        containers.ping("one", "two");
        host.freeState();
        host.killAgent();
        host.startAgent();
        assertAllWorks(host);
    }

    @Test
    void on_a_disk_that_turns_read_only_commands_fail_in_words(Host host) {
        host.stateReadOnly(true);
        assertSoonNothingIsTaken(host);
        host.stateReadOnly(false);
        host.stopAgent();
        host.startAgent();
        assertAllWorks(host);
    }

    @Test
    void an_agent_that_starts_on_a_read_only_disk_stays_and_says_why(Host host) {
        host.stopAgent();
        host.stateReadOnly(true);
        host.startAgent();
        assertThat(host.docker("network", "create", "-d", "weft", "more").err())
                .contains(CANNOT_OPEN, "Read-only file system", CHECK_AND_RESTART);
        assertThat(host.docker("run", "--rm", "--network", "mynet", "busybox", "true")
                        .err())
                .contains(CANNOT_OPEN);
        containers.ping("one", "two");
        assertThat(host.agentRuns()).isTrue();
        host.stateReadOnly(false);
        host.stopAgent();
        host.startAgent();
        assertAllWorks(host);
    }
}
