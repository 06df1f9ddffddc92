package dev.weft.agent.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.plugin.client.CommandFailed;
import java.util.List;

/// One playing of a story on a host, with a death of the agent at one point of it or without, and what must be true
/// after it.
final class Stage implements AutoCloseable {
    private final Host host;
    private final Docker docker;
    private final Production production;
    private final int point;

    /// @param point at which the agent is killed, from 1; 0: at none
    Stage(Host host, Production production, int point) {
        this.host = host;
        this.docker = new Docker(host, production);
        this.production = production;
        this.point = point;
        host.forgetDeath();
    }

    Docker docker() {
        return docker;
    }

    /// From here on points count.
    void begin() {
        host.say("begin " + point);
    }

    /// Points count from the moment on when the kernel refuses something, as it does until [#allow].
    ///
    /// @param what `apply` or `undo`, and the kind of step
    void beginWithRefusal(String what) {
        host.say("refuse " + point + " " + what);
    }

    void refuse(String what) {
        host.say("refuse -1 " + what);
    }

    void allow() {
        host.say("refuse -1 nothing");
    }

    /// A command that the kernel's refusal makes fail.
    void fails(Runnable command) {
        try {
            command.run();
        } catch (CommandFailed expected) {
            return;
        }
        throw new AssertionError("a docker command has succeeded although the kernel refused");
    }

    void reconcile() {
        host.say("reconcile");
        host.revive();
    }

    void collect() {
        host.say("collect " + docker.belief().line());
        host.revive();
    }

    void whileNoAgentRuns(Runnable commands) {
        host.kill();
        host.stayAway(true);
        commands.run();
        host.stayAway(false);
        host.revive();
    }

    /// By hand, the one link whose name begins so.
    void deleteFromFabric(String name) {
        try (var namespace = host.fabric()) {
            deleteFrom(namespace, name);
        }
    }

    /// Likewise from the host's own namespace.
    void deleteFromHost(String name) {
        deleteFrom(host.namespace(), name);
    }

    /// Likewise from the first container.
    void deleteFromContainer(String name) {
        deleteFrom(docker.sandboxes().namespace(docker.endpoints().getFirst()), name);
    }

    private static void deleteFrom(NetworkNamespace namespace, String name) {
        try (var netlink = Netlink.open(namespace)) {
            var found = netlink.links().stream()
                    .filter(link -> link.name().startsWith(name))
                    .toList();
            assertThat(found).as("links named " + name).hasSize(1);
            netlink.delete(found.getFirst().index());
        }
    }

    /// The story, which ends with the first command that fails after the agent was killed.
    ///
    /// @return the points that were passed, if it was killed at none
    List<String> play() {
        try {
            production.story().play(this);
        } catch (CommandFailed failure) {
            if (host.killedAt().isEmpty()) {
                throw failure;
            }
        }
        return answer("end");
    }

    /// What the agent does by itself and the person types next, and what must be true then.
    void check() throws Exception {
        expectNothing("missing " + docker.belief().line());
        assertThat(answer("reconcile")).noneMatch(line -> line.startsWith("not on record"));
        if (production.losesDeletes()) {
            expectNothing("collect " + docker.belief().line());
        }
        runAgain();
        expectNothing("missing " + docker.belief().line());
        expectNothing("collect " + docker.belief().line());
        expectNothing("reconcile");
        expectNothing("audit " + docker.belief().line());
        new LinkCheck(host, docker).check();
        docker.containers().forEach(docker::stop);
        docker.networks().forEach(docker::remove);
        expectNothing("audit " + docker.belief().line());
        new LinkCheck(host, docker).check();
    }

    /// The engine makes the networks again that it does not have, and each gets one more container.
    private void runAgain() {
        docker.missing().forEach(docker::create);
        docker.networks().forEach(docker::runAnother);
    }

    private void expectNothing(String command) {
        assertThat(answer(command)).as(command).isEmpty();
    }

    private List<String> answer(String command) {
        return host.say(command).orElseThrow(() -> new AssertionError("no agent answers to " + command));
    }

    @Override
    public void close() {
        docker.close();
    }
}
