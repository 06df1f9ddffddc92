package dev.weft.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Subnet;
import dev.weft.plugin.server.PluginOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What would reach an engine as nonsense, or as success.
@DisplayNameGeneration(ReplaceUnderscores.class)
class AuthorMistakesTest {
    @Test
    void a_refusal_always_says_something() {
        for (var nothing : new String[] {null, "", " \n"}) {
            assertThat(new Refusal(nothing)).hasMessage("the plugin refused and does not say why");
        }
        assertThat(new Refusal(null, new IOException())).hasMessage("the plugin refused and does not say why");
    }

    @Test
    void a_refusal_is_one_line() {
        assertThat(new Refusal("no room:\r\n\tadd a pool\u001b[2J\n")).hasMessage("no room: add a pool\\u001b[2J");
    }

    @Test
    void a_role_without_a_driver_is_not_served() {
        assertThatThrownBy(() -> Plugin.of((NetworkDriver) null)).hasMessage("networks");
        assertThatThrownBy(() -> Plugin.of((IpamDriver) null)).hasMessage("addresses");
        assertThatThrownBy(() -> Plugin.of(null, null)).hasMessage("networks");
    }

    @Test
    void a_link_has_a_name_that_the_kernel_takes() {
        assertThatThrownBy(() -> JoinReply.link(null)).isInstanceOf(NullPointerException.class);
        for (var name : List.of("", " ", "sixteen-bytes-id")) {
            assertThatThrownBy(() -> JoinReply.link(name))
                    .hasMessage("no link is called '" + name + "': a name has 1 to 15 bytes");
        }
        assertThatThrownBy(() -> JoinReply.link("veth0").withNamePrefix(""))
                .hasMessage("the interface in the sandbox needs a name, 'eth' say");
    }

    @Test
    void a_pool_has_an_id_and_a_subnet() {
        assertThatThrownBy(() -> new PoolReply(null, Subnet.parse("10.0.0.0/24")))
                .hasMessage("poolId");
        assertThatThrownBy(() -> new PoolReply("p", null)).hasMessage("pool");
    }

    @Test
    void no_call_and_no_stop_waits_for_ever() {
        var forever = ChronoUnit.FOREVER.getDuration();
        assertThatThrownBy(() -> PluginOptions.DEFAULT.withCallDeadline(forever))
                .hasMessage("a call's deadline is more than nothing and at most a day, not " + forever);
        assertThatThrownBy(() -> PluginOptions.DEFAULT.withCallDeadline(Duration.ZERO))
                .hasMessage("a call's deadline is more than nothing and at most a day, not PT0S");
        assertThatThrownBy(() -> PluginOptions.DEFAULT.withStopGrace(Duration.ofMillis(-1)))
                .hasMessage("a stop waits for a day at most, not PT-0.001S");
        assertThatThrownBy(() -> PluginOptions.DEFAULT.withStopGrace(forever)).hasMessageContaining("at most");
    }
}
