package dev.weft.drivers.lan;

import static dev.weft.drivers.options.Option.Place.NETWORK;
import static java.util.stream.Collectors.joining;

import dev.weft.drivers.mode.NetworkOptions;
import dev.weft.drivers.neighbors.AnnouncementOptions;
import dev.weft.drivers.neighbors.Probe;
import dev.weft.drivers.options.Option;
import dev.weft.drivers.options.OptionReader;
import dev.weft.inet.Subnet;
import dev.weft.netlink.Ipvlan;
import dev.weft.netlink.Link;
import dev.weft.netlink.LinkKind;
import dev.weft.netlink.LinkName;
import dev.weft.netlink.Macvlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Options of `docker network create -d weft -o mode=macvlan` (or `ipvlan`) `-o …`, checked once and then trusted.
///
/// @param parent     the link of the host's on whose LAN the network is; empty for a network that leads nowhere
/// @param kind       of the containers' links
/// @param mtu        bytes; 0 where none was given: that of the parent
/// @param hostAccess whether the host reaches the containers, over a link of its own
/// @param probe      how to ask the LAN before a container gets an address
record LanOptions(
        String parent, LinkKind kind, int mtu, boolean hostAccess, Probe probe, AnnouncementOptions announcements) {
    static final Option PARENT = new Option(
            "parent",
            Set.of(NETWORK),
            "link, or LINK.VLAN",
            "none: containers reach each other alone",
            "-",
            "macvlan, ipvlan",
            NetworkOptions.SINCE);

    private static final String LOOPBACK = "lo";
    static final int ETHERNET_MTU = 1500;

    /// In what order the page of options has them: those of both modes, then those of one.
    static final List<Option> OWN = ownOptions();

    private static List<Option> ownOptions() {
        var all = new ArrayList<>(ofBoth());
        LanKind.allOptions().forEach(all::add);
        return List.copyOf(all);
    }

    private static List<Option> ofBoth() {
        var both = new ArrayList<>(List.of(PARENT, Probe.OPTION));
        both.addAll(AnnouncementOptions.ALL);
        return both;
    }

    private static List<Option> optionsOf(LanKind kind) {
        var all = new ArrayList<>(List.of(
                NetworkOptions.MODE,
                NetworkOptions.MTU,
                NetworkOptions.HOST_ACCESS,
                NetworkOptions.SCOPE,
                NetworkOptions.SHARED));
        all.addAll(ofBoth());
        all.addAll(kind.options());
        return all;
    }

    /// A VLAN's link, as its name says it: `eth0.20`.
    record VlanName(String parent, int id) {
        /// Empty if it is not the name of one that can be made.
        static Optional<VlanName> of(String link) {
            int dot = link.lastIndexOf('.');
            var id = link.substring(dot + 1);
            if (dot < 1 || !id.matches("[1-9][0-9]{0,3}") || Integer.parseInt(id) > 4094) {
                return Optional.empty();
            }
            return Optional.of(new VlanName(link.substring(0, dot), Integer.parseInt(id)));
        }
    }

    /// Reads the options of a network that is about to be made.
    ///
    /// @throws dev.weft.plugin.Refusal with every mistake
    static LanOptions parse(Map<String, String> raw, LanKind kind, List<Subnet> subnets, HostLinks host) {
        var reader = new OptionReader(raw, optionsOf(kind));
        var options = read(reader, kind);
        boolean ipv6 = subnets.stream().anyMatch(subnet -> !subnet.isIpv4());
        options.checkParent(reader, host)
                .ifPresent(largest -> options.checkMtu(NetworkOptions.smallestMtu(ipv6), largest, reader));
        if (options.hostAccess) {
            LanKind.hostIsOut(options.kind)
                    .ifPresent(reason -> reader.problem(
                            NetworkOptions.HOST_ACCESS, "the host cannot be in such a network: " + reason));
        }
        NetworkOptions.checkSharing(reader);
        reader.check("cannot create the network");
        return options;
    }

    /// @return the MTU that the parent has, or will have; empty if there is no such parent
    private Optional<Integer> checkParent(OptionReader reader, HostLinks host) {
        if (!reader.has(PARENT)) {
            return Optional.of(ETHERNET_MTU);
        }
        var mistake = LinkName.problem(parent);
        if (mistake.isPresent()) {
            reader.problem(PARENT, mistake.get());
            return Optional.empty();
        }
        if (parent.equals(LOOPBACK)) {
            reader.problem(PARENT, "the loopback leads to no LAN; give a link such as eth0");
            return Optional.empty();
        }
        var link = host.link(parent)
                .or(() -> VlanName.of(parent).map(VlanName::parent).flatMap(host::link));
        if (link.isEmpty()) {
            reader.problem(
                    PARENT,
                    "there is no such link on this host, nor one of which it would be a VLAN ("
                            + host.names().stream()
                                    .filter(name -> !name.equals(LOOPBACK))
                                    .collect(joining(", "))
                            + " are there; VLAN 20 of eth0 is eth0.20)");
        }
        return link.map(Link::mtu);
    }

    private void checkMtu(int smallest, int largest, OptionReader reader) {
        if (reader.has(NetworkOptions.MTU) && (mtu < smallest || mtu > largest)) {
            reader.problem(
                    NetworkOptions.MTU,
                    "it is the MTU of the containers' links, from " + smallest + " to " + largest
                            + ", which the parent has");
        } else if (largest < smallest) {
            reader.problem(PARENT, "its MTU is " + largest + ", and IP needs " + smallest);
        }
    }

    /// What keeps a network of these options from standing on the same parent as one of theirs; empty if nothing does.
    Optional<String> obstacle(LanOptions theirs) {
        if (theirs.isPassthru()) {
            return Optional.of("has it alone (macvlan_mode=passthru)");
        }
        if (isPassthru()) {
            return Optional.of("uses it too, and with macvlan_mode=passthru a network has its parent alone");
        }
        if (kind instanceof Macvlan != theirs.kind instanceof Macvlan) {
            return Optional.of("is of mode " + theirs.kind.kindName() + ", and a parent has links of one kind only");
        }
        if (theirs.kind instanceof Ipvlan ipvlan && !theirs.kind.equals(kind)) {
            return Optional.of("has ipvlan_mode=" + LanKind.word(ipvlan.mode()) + " and ipvlan_flag="
                    + LanKind.word(ipvlan.flag()) + ", which belong to the parent and are the same for all on it");
        }
        return Optional.empty();
    }

    boolean isPassthru() {
        return kind instanceof Macvlan macvlan && macvlan.mode() == Macvlan.Mode.PASSTHRU;
    }

    /// Of a network on record.
    static LanOptions recorded(Map<String, String> raw, LanKind kind) {
        return read(new OptionReader(raw, optionsOf(kind)), kind);
    }

    private static LanOptions read(OptionReader reader, LanKind kind) {
        return new LanOptions(
                Objects.requireNonNullElse(reader.value(PARENT, text -> text), ""),
                kind.read(reader),
                reader.number(NetworkOptions.MTU),
                reader.flag(NetworkOptions.HOST_ACCESS, false),
                Objects.requireNonNullElse(reader.value(Probe.OPTION, Probe::parse), Probe.FAST),
                AnnouncementOptions.read(reader));
    }
}
