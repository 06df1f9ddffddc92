package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// With a stand-in for the agent; the whole of the demo is a system test.
@Tag("lab")
@DisplayNameGeneration(ReplaceUnderscores.class)
class DemoTest {
    private static List<String> agent(String arguments) {
        return List.of("-Dweft.agent.command=" + StandInAgent.command() + arguments);
    }

    @Test
    void ctrl_c_in_the_middle_of_a_command_ends_it_silently_and_leaves_nothing() throws Exception {
        Victim demo = Victim.start(Demo.class, agent(""));
        demo.await("$ docker network create --driver weft mynet");
        var traces = Traces.of(
                demo.process().toHandle(), Leftovers.PREFIX + demo.process().pid() + "-1");
        assertThat(traces.all()).isNotEmpty();
        demo.signal("INT");
        assertThat(demo.out().lines()).isEmpty();
        assertThat(demo.process().waitFor()).isEqualTo(130);
        assertThat(traces.all()).isEmpty();
    }

    @Test
    void an_agent_that_does_not_start_ends_it_with_its_log_and_leaves_nothing() throws Exception {
        Victim demo = Victim.start(Demo.class, agent(" --fail"));
        assertThat(demo.await("weft demo: ")).isEqualTo("agent of host h1 ended at once (3); its log:");
        assertThat(demo.out().lines()).containsExactly("stand-in with --fail");
        assertThat(demo.process().waitFor()).isEqualTo(1);
        var lab = Leftovers.PREFIX + demo.process().pid() + "-1";
        assertThat(new Traces(lab, List.of()).files()).isEmpty();
    }

    @Test
    void options_that_it_does_not_know_are_answered_with_those_it_knows() throws Exception {
        Victim demo = Victim.start(Demo.class, List.of(), "--keep");
        assertThat(demo.out().lines())
                .containsExactly(
                        "usage: weft demo [--hosts N] [--engine V], where N is 1 (the default) to 5, and V is 20.10,"
                                + " 26.1 or 28.5 (the default)");
        assertThat(demo.process().waitFor()).isEqualTo(2);
    }
}
