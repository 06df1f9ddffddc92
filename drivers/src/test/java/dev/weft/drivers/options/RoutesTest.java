package dev.weft.drivers.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.AddressText;
import dev.weft.inet.Subnet;
import dev.weft.plugin.StaticRoute;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RoutesTest {
    private static final List<Subnet> SUBNETS =
            Stream.of("10.1.0.0/24", "fd01::/64").map(Subnet::parse).toList();

    private static String shown(StaticRoute route) {
        return route.destination() + ">" + AddressText.of(route.nextHop());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.9.0.0/16 via 10.1.0.5 | 10.9.0.0/16>10.1.0.5",
                "  10.9.0.0/16   via  10.1.0.5  | 10.9.0.0/16>10.1.0.5",
                "fd09::/64 via fd01::5 | fd09::/64>fd01::5",
                "10.9.0.0/16 via 10.1.0.5, fd09::/64 via fd01::5 | 10.9.0.0/16>10.1.0.5 fd09::/64>fd01::5",
                "10.9.0.7/32 via 10.1.0.5,10.8.0.0/16 via 10.1.0.6 | 10.9.0.7/32>10.1.0.5 10.8.0.0/16>10.1.0.6"
            })
    void a_route_is_a_subnet_via_an_address(String text, String routes) {
        assertThat(Routes.parse(text).stream().map(RoutesTest::shown)).containsExactly(routes.split(" "));
        assertThat(Routes.problem(Routes.parse(text), SUBNETS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "10.9.0.0/16",
                "10.9.0.0/16 via",
                "via 10.1.0.5",
                "10.9.0.0/16 10.1.0.5",
                "10.9.0.0/16via10.1.0.5",
                "10.9.0.0/16 via 10.1.0.5,",
                "10.9.0.0/16 via 10.1.0.5 via 10.1.0.6",
                "10.9.0.0 via 10.1.0.5",
                "10.9.0.1/16 via 10.1.0.5",
                "10.9.0.0/33 via 10.1.0.5",
                "10.9.0.0/16 via 10.1.0.5/24",
                "10.9.0.0/16 via router",
                "default via 10.1.0.5"
            })
    void what_is_none_is_refused_with_an_example(String text) {
        assertThatThrownBy(() -> Routes.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "give routes as SUBNET via ADDRESS, with commas between them, such as '10.9.0.0/16 via 10.1.0.5'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.0.0.0/0 via 10.1.0.5 | the default route is the engine's, by docker_gwbridge; name a subnet",
                "::/0 via fd01::5 | the default route is the engine's, by docker_gwbridge; name a subnet",
                "10.9.0.0/16 via fd01::5 | the way to 10.9.0.0/16 must be an address of its own family",
                "fd09::/64 via 10.1.0.5 | the way to fd09::/64 must be an address of its own family"
            })
    void what_cannot_be_routed_so_is_refused(String text, String problem) {
        assertThatThrownBy(() -> Routes.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.9.0.0/16 via 10.2.0.5 | the way to 10.9.0.0/16 must be an address of the network, which has"
                        + " [10.1.0.0/24, fd01::/64]",
                "10.1.0.128/25 via 10.1.0.5 | 10.1.0.128/25 overlaps the network itself; name another subnet",
                "10.0.0.0/8 via 10.1.0.5 | 10.0.0.0/8 overlaps the network itself; name another subnet",
                "fd01::/48 via fd01::5 | fd01::/48 overlaps the network itself; name another subnet",
                "10.8.0.0/16 via 10.1.0.5, 10.9.0.0/16 via 10.2.0.5 | the way to 10.9.0.0/16 must be an address of the"
                        + " network, which has [10.1.0.0/24, fd01::/64]"
            })
    void what_does_not_fit_the_network_is_a_problem(String text, String problem) {
        assertThat(Routes.problem(Routes.parse(text), SUBNETS)).hasValue(problem);
    }
}
