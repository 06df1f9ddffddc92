package dev.weft.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What hosts read of each other.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClusterTextTest {
    @Test
    void what_is_written_is_read_again() {
        for (var record : Sample.RECORDS) {
            switch (record) {
                case HostRecord host ->
                    assertThat(HostRecord.parse(host.text())).isEqualTo(host);
                case SharedNetwork network ->
                    assertThat(SharedNetwork.parse(network.text())).isEqualTo(network);
                case EndpointShard shard ->
                    assertThat(EndpointShard.parse(shard.text())).isEqualTo(shard);
                case BlockMap map -> assertThat(BlockMap.parse(map.text())).isEqualTo(map);
                default -> {}
            }
        }
    }

    @Test
    void fields_that_a_newer_agent_adds_are_passed_over() {
        var text = """
                {"id":"h1","name":"host-1","addresses":["192.0.2.1"],"port":4789,"weft":"2.0.0","version":7,"color":{"x":[1]}}""";
        var host = HostRecord.parse(text);
        assertThat(host.name()).isEqualTo("host-1");
        assertThat(host.forgotten()).isFalse();
    }

    @Test
    void what_is_wrong_is_named() {
        assertThatThrownBy(() -> HostRecord.parse("{\"id\":\"h1\"}")).hasMessage("the host's field name is missing");
        assertThatThrownBy(() -> EndpointShard.parse(
                        "{\"host\":\"h1\",\"network\":\"s1\",\"shard\":16,\"version\":1,\"endpoints\":[]}"))
                .hasMessageStartingWith("the endpoints's field shard");
    }

    @Test
    void an_endpoint_falls_on_one_shard_always() {
        assertThat(EndpointShard.of("f00d")).isEqualTo(EndpointShard.of("f00d")).isBetween(0, 15);
    }
}
