package dev.weft.drivers.lan;

import static dev.weft.drivers.options.Option.Place.NETWORK;

import dev.weft.drivers.mode.NetworkOptions;
import dev.weft.drivers.options.Option;
import dev.weft.drivers.options.OptionReader;
import dev.weft.netlink.Ipvlan;
import dev.weft.netlink.LinkKind;
import dev.weft.netlink.Macvlan;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// In what the two modes differ. The options have the names of Docker's own drivers.
public enum LanKind {
    /// Each link has a MAC address of its own.
    MACVLAN {
        @Override
        List<Option> options() {
            return List.of(MACVLAN_MODE);
        }

        @Override
        LinkKind read(OptionReader reader) {
            return new Macvlan(choice(reader, MACVLAN_MODE, MACVLAN_MODES, Macvlan.Mode.BRIDGE));
        }

        @Override
        boolean hasOwnMacs() {
            return true;
        }
    },
    /// All links have the parent's MAC address, and are told apart by IP address.
    IPVLAN {
        @Override
        List<Option> options() {
            return List.of(IPVLAN_MODE, IPVLAN_FLAG);
        }

        @Override
        LinkKind read(OptionReader reader) {
            return new Ipvlan(
                    choice(reader, IPVLAN_MODE, List.of(Ipvlan.Mode.values()), Ipvlan.Mode.L2),
                    choice(reader, IPVLAN_FLAG, List.of(Ipvlan.Flag.values()), Ipvlan.Flag.BRIDGE));
        }

        @Override
        boolean hasOwnMacs() {
            return false;
        }
    };

    private static final List<Macvlan.Mode> MACVLAN_MODES =
            List.of(Macvlan.Mode.BRIDGE, Macvlan.Mode.PRIVATE, Macvlan.Mode.VEPA, Macvlan.Mode.PASSTHRU);

    private static final Option MACVLAN_MODE = new Option(
            "macvlan_mode",
            Set.of(NETWORK),
            "bridge, private, vepa or passthru",
            "bridge",
            "-",
            "macvlan",
            NetworkOptions.SINCE);
    private static final Option IPVLAN_MODE =
            new Option("ipvlan_mode", Set.of(NETWORK), "l2, l3 or l3s", "l2", "-", "ipvlan", NetworkOptions.SINCE);
    private static final Option IPVLAN_FLAG = new Option(
            "ipvlan_flag", Set.of(NETWORK), "bridge, private or vepa", "bridge", "-", "ipvlan", NetworkOptions.SINCE);

    /// Value of `-o mode=`.
    String modeName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Empty if networks of that mode are not on a LAN.
    static Optional<LanKind> ofMode(String mode) {
        return Arrays.stream(values())
                .filter(kind -> kind.modeName().equals(mode))
                .findFirst();
    }

    /// Those that the other mode does not have.
    abstract List<Option> options();

    /// The links of a network with such options.
    abstract LinkKind read(OptionReader reader);

    /// Whether each endpoint has a MAC address of its own.
    abstract boolean hasOwnMacs();

    private static <E extends Enum<E>> E choice(OptionReader reader, Option option, List<E> values, E fallback) {
        var chosen = reader.value(
                option,
                text -> values.stream()
                        .filter(value -> word(value).equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("give " + option.type())));
        return Objects.requireNonNullElse(chosen, fallback);
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /// Whether links of that kind route by IP and know no Ethernet neighbors.
    static boolean isRouted(LinkKind kind) {
        return kind instanceof Ipvlan ipvlan && ipvlan.mode() != Ipvlan.Mode.L2;
    }

    /// Why the host cannot reach links of that kind over one of its own; empty if it can.
    static Optional<String> hostIsOut(LinkKind kind) {
        return switch (kind) {
            case Macvlan macvlan ->
                switch (macvlan.mode()) {
                    case BRIDGE -> Optional.empty();
                    case PRIVATE ->
                        Optional.of("with macvlan_mode=private links on one parent do not reach each other");
                    case VEPA ->
                        Optional.of("with macvlan_mode=vepa links on one parent reach each other by a switch outside"
                                + " alone, if it reflects frames");
                    case PASSTHRU, SOURCE ->
                        Optional.of("with macvlan_mode=passthru there is one link on the parent, the container's");
                };
            case Ipvlan ipvlan
            when ipvlan.flag() != Ipvlan.Flag.BRIDGE ->
                Optional.of("with ipvlan_flag=" + word(ipvlan.flag()) + " links on one parent do not reach each other"
                        + " within the host");
            default -> Optional.empty();
        };
    }

    /// The options of both modes that others do not have.
    static Stream<Option> allOptions() {
        return Arrays.stream(values()).flatMap(kind -> kind.options().stream());
    }
}
