package dev.weft.system;

import static dev.weft.system.BadCall.call;
import static dev.weft.system.BadCall.malformed;
import static dev.weft.system.BadCall.notJson;
import static dev.weft.system.BadCall.raw;
import static dev.weft.system.BadCall.refused;
import static dev.weft.system.BadCall.request;
import static dev.weft.system.BadCall.taken;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The table of bad input, for an agent that has the networks and endpoints of [#GOOD_CALLS].
final class BadCalls {
    private static final String OPTIONS = "com.docker.network.bridge.enable_icc, com.docker.network.driver.mtu,"
            + " egress_rate, flood, host_access, ingress_rate, mode, routes, scope, vni, weft.network";
    /// Networks n1 and n2, endpoints e1 (joined) and e2 in n1, e3 in n2.
    static final List<byte[]> GOOD_CALLS = List.of(
            call("CreateNetwork", """
                    {"NetworkID":"n1","Options":{"com.docker.network.generic":{"mode":"vxlan"}},
                    "IPv4Data":[{"AddressSpace":"LocalDefault","Pool":"10.50.0.0/24","Gateway":"10.50.0.1/24"}],
                    "IPv6Data":[{"AddressSpace":"LocalDefault","Pool":"fd50::/64","Gateway":"fd50::1/64"}]}"""),
            call("CreateNetwork", """
                    {"NetworkID":"n2","IPv4Data":[{"Pool":"10.60.0.0/24","Gateway":"10.60.0.1/24"}]}"""),
            call("CreateEndpoint", """
                    {"NetworkID":"n1","EndpointID":"e1","Interface":{"Address":"10.50.0.2/24","MacAddress":""}}"""),
            call("CreateEndpoint", """
                    {"NetworkID":"n1","EndpointID":"e2","Interface":{"Address":"10.50.0.3/24"}}"""),
            call("CreateEndpoint", """
                    {"NetworkID":"n2","EndpointID":"e3","Interface":{"Address":"10.60.0.2/24"}}"""),
            call("Join", """
                    {"NetworkID":"n1","EndpointID":"e1","SandboxKey":"/var/run/docker/netns/0123456789ab"}"""));

    /// A call whose answer proves that the agent works, and that it knows what it should.
    static final byte[] GOOD_CALL = call("EndpointOperInfo", "{\"NetworkID\":\"n1\",\"EndpointID\":\"e1\"}");

    static final String GOOD_ANSWER = "{\"Value\":{\"weft.mode\":\"vxlan\",\"weft.port\":\"veth-e1\"}}";

    private static final String NO_BODY = "the call came without a body, as engines repeat a call that the plugin left"
            + " unanswered. Run the docker command again.";

    private static final String NO_ID = " is no id of a network or endpoint: those have 1 to 64 letters and digits.";

    /// Calls whose body names a network, and those whose body names an endpoint too.
    private static final List<String> OF_NETWORKS =
            List.of("AllocateNetwork", "FreeNetwork", "CreateNetwork", "DeleteNetwork");

    private static final List<String> OF_ENDPOINTS = List.of(
            "CreateEndpoint",
            "DeleteEndpoint",
            "EndpointOperInfo",
            "Join",
            "Leave",
            "ProgramExternalConnectivity",
            "RevokeExternalConnectivity");

    private BadCalls() {}

    static Stream<BadCall> all() {
        return Stream.of(syntax(), everyCall(), fields(), networks(), lans(), endpoints(), joins(), ids(), http())
                .flatMap(group -> group);
    }

    private static Stream<BadCall> syntax() {
        var body = "{\"NetworkID\":\"n1\"}";
        return Stream.of(
                notJson("truncated", "{\"NetworkID\":\"n1\"", "it ends where a comma or } is needed"),
                notJson("truncated in a text", "{\"NetworkID\":\"n1", "it ends where the end of a text is needed"),
                notJson(
                        "truncated behind a backslash",
                        "{\"NetworkID\":\"n1\\",
                        "it ends where one of \" \\ / b f n r t u is needed"),
                notJson("null", "null", "character 1 is 'n' where { is needed"),
                notJson("a list", "[" + body + "]", "character 1 is '[' where { is needed"),
                notJson("a text", "\"n1\"", "character 1 is '\"' where { is needed"),
                notJson("a number", "1", "character 1 is '1' where { is needed"),
                notJson(
                        "a trailing comma",
                        "{\"NetworkID\":\"n1\",}",
                        "character 19 is '}' where a name in double quotes is needed"),
                notJson("text behind the object", body + " and", "character 20 is 'a' where the end is needed"),
                notJson("two objects", body + body, "character 19 is '{' where the end is needed"),
                notJson(
                        "a name twice",
                        "{\"NetworkID\":\"n2\",\"NetworkID\":\"n1\"}",
                        "the name 'NetworkID' comes a second time at character 19"),
                notJson(
                        "a name twice, once with an escape",
                        "{\"NetworkID\":\"n2\",\"Network\\u0049D\":\"n1\"}",
                        "the name 'NetworkID' comes a second time at character 19"),
                notJson("NaN", "{\"NetworkID\":\"n1\",\"a\":NaN}", "character 23 is 'N' where a value is needed"),
                notJson(
                        "a hexadecimal number",
                        "{\"NetworkID\":\"n1\",\"a\":0x1}",
                        "character 24 is 'x' where a comma or } is needed"),
                notJson(
                        "half a surrogate pair",
                        "{\"NetworkID\":\"n1\",\"a\":\"\\ud800\"}",
                        "half a surrogate pair stands at character 24"),
                notJson("a byte order mark", "\ufeff" + body, "character 1 is '\\ufeff' where { is needed"),
                notJson(
                        "a comment",
                        "{\"NetworkID\":\"n1\"/* n2 */}",
                        "character 18 is '/' where a comma or } is needed"),
                notJson(
                        "single quotes",
                        "{'NetworkID':'n1'}",
                        "character 2 is ''' where a name in double quotes is needed"),
                notJson(
                        "a line break in a text",
                        "{\"NetworkID\":\"n1\",\"a\":\"\n\"}",
                        "character 24 is '\\u000a' where an escape for it is needed"),
                notJson(
                        "objects nested 100 000 deep",
                        "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000),
                        "it is nested more than 32 levels deep at character 161"),
                notJson(
                        "lists nested 400 000 deep",
                        "{\"a\":" + "[".repeat(400_000),
                        "it is nested more than 32 levels deep at character 37"),
                notJson(
                        "half a million values",
                        "{\"a\":[0" + ",0".repeat(500_000) + "]}",
                        "it has more than 100000 values"),
                raw(
                        "bytes that are not UTF-8",
                        request(
                                "POST /NetworkDriver.DeleteNetwork",
                                "{\"NetworkID\":\"n1\u00e9\"}".getBytes(ISO_8859_1)),
                        400,
                        "cannot take the request: the body is not UTF-8."),
                raw(
                        "a body of 10 MB",
                        request(
                                "POST /NetworkDriver.DeleteNetwork",
                                "{\"NetworkID\":\"n1\",\"a\":\"" + "a".repeat(10_000_000) + "\"}"),
                        413,
                        "cannot take the request: the body has more than 1048576 bytes."));
    }

    /// The traps that are the same for every call.
    private static Stream<BadCall> everyCall() {
        var ofNetworks = Stream.concat(OF_NETWORKS.stream(), OF_ENDPOINTS.stream())
                .flatMap(method -> Stream.of(
                        malformed(method + " with an empty body, as it is resent", method, "", NO_BODY),
                        malformed(
                                method + " without a network",
                                method,
                                "{\"EndpointID\":\"e1\"}",
                                "the call's field NetworkID is missing")));
        var ofEndpoints = OF_ENDPOINTS.stream()
                .map(method -> malformed(
                        method + " without an endpoint",
                        method,
                        "{\"NetworkID\":\"n1\"}",
                        "the call's field EndpointID is missing"));
        return Stream.concat(ofNetworks, ofEndpoints);
    }

    private static Stream<BadCall> fields() {
        var portMap =
                "{\"NetworkID\":\"n1\",\"EndpointID\":\"e2\",\"SandboxKey\":\"/s\",\"Options\":{\"com.docker.network.portmap\":%s}}";
        var field = "the call's field Options.com.docker.network.portmap";
        return Stream.of(
                malformed(
                        "names in lower case",
                        "DeleteNetwork",
                        "{\"networkid\":\"n1\"}",
                        "the call's field NetworkID is missing"),
                malformed(
                        "a number for an id",
                        "DeleteNetwork",
                        "{\"NetworkID\":1}",
                        "the call's field NetworkID is not text"),
                malformed(
                        "a list for an id",
                        "DeleteNetwork",
                        "{\"NetworkID\":[\"n1\"]}",
                        "the call's field NetworkID is not text"),
                malformed(
                        "null for an id",
                        "DeleteNetwork",
                        "{\"NetworkID\":null}",
                        "the call's field NetworkID is missing"),
                malformed(
                        "a list for options",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n3\",\"Options\":[]}",
                        "the call's field Options is not an object"),
                malformed(
                        "a text for a flag",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n3\",\"Options\":{\"com.docker.network.internal\":\"true\"}}",
                        "the call's field Options.com.docker.network.internal is not true or false"),
                malformed(
                        "a number for an -o option",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n3\",\"Options\":{\"com.docker.network.generic\":{\"mode\":1}}}",
                        "the call's field Options.com.docker.network.generic.mode is not text"),
                malformed(
                        "an object for a list of pools",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n3\",\"IPv4Data\":{}}",
                        "the call's field IPv4Data is not a list"),
                malformed(
                        "null for a pool",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n3\",\"IPv4Data\":[null]}",
                        "the call's field IPv4Data[0] is not an object"),
                malformed(
                        "a text for an interface",
                        "CreateEndpoint",
                        "{\"NetworkID\":\"n1\",\"EndpointID\":\"e4\",\"Interface\":\"eth0\"}",
                        "the call's field Interface is not an object"),
                malformed(
                        "a port beyond 65535",
                        "Join",
                        portMap.formatted("[{\"Port\":65536}]"),
                        field + "[0].Port is 65536, not a whole number from 0 to 65535"),
                malformed(
                        "a port of 30 digits",
                        "Join",
                        portMap.formatted("[{\"Port\":123456789012345678901234567890}]"),
                        field + "[0].Port is 1.2345678901234568E29, not a whole number from 0 to 65535"),
                malformed(
                        "a port with an exponent",
                        "Join",
                        portMap.formatted("[{\"Port\":1e999}]"),
                        field + "[0].Port is Infinity, not a whole number from 0 to 65535"),
                malformed(
                        "a port below zero",
                        "Join",
                        portMap.formatted("[{},{\"HostPort\":-1}]"),
                        field + "[1].HostPort is -1, not a whole number from 0 to 65535"),
                malformed(
                        "a host address that is a name",
                        "Join",
                        portMap.formatted("[{\"HostIP\":\"localhost\"}]"),
                        field + "[0].HostIP is wrong: Invalid IP address literal: localhost"),
                malformed(
                        "a DNS server that is a number",
                        "CreateEndpoint",
                        "{\"NetworkID\":\"n1\",\"EndpointID\":\"e4\",\"Options\":{\"com.docker.network.endpoint.dnsservers\":[8]}}",
                        "the call's field Options.com.docker.network.endpoint.dnsservers[0] is not text"),
                malformed(
                        "a discovery that is a text",
                        "DiscoverNew",
                        "{\"DiscoveryType\":\"node\"}",
                        "the call's field DiscoveryType is not a number"));
    }

    private static Stream<BadCall> networks() {
        var mtu =
                "{\"NetworkID\":\"n3\",\"Options\":{\"com.docker.network.generic\":{\"com.docker.network.driver.mtu\":\"%s\"}},\"IPv4Data\":[{\"Pool\":\"10.70.0.0/24\"}]}";
        var range =
                "cannot create the network: option 'com.docker.network.driver.mtu' is '%s'; it is the MTU inside the network, from 68 to 1450 on this host (default route over eth0, MTU 1500).";
        var pool = "{\"NetworkID\":\"n3\",\"IPv4Data\":[{\"Pool\":\"%s\"}]}";
        var cidr = "' is not an address with a prefix length, such as 10.0.0.5/24";
        var exists = "network n2 exists already, and otherwise: ";
        return Stream.of(
                taken(
                        "a network again",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n2\",\"IPv4Data\":[{\"Pool\":\"10.60.0.0/24\",\"Gateway\":\"10.60.0.1/24\"}]}",
                        "{}"),
                taken(
                        "a network again, its pool with host bits",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n2\",\"IPv4Data\":[{\"Pool\":\"10.60.0.7/24\",\"Gateway\":\"10.60.0.1/24\"}]}",
                        "{}"),
                refused(
                        "a network again, with another pool",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n2\",\"IPv4Data\":[{\"Pool\":\"10.61.0.0/24\",\"Gateway\":\"10.61.0.1/24\"}]}",
                        exists
                                + "pools '[10.60.0.0/24]', not '[10.61.0.0/24]'; gateways '[10.60.0.1/24]', not '[10.61.0.1/24]'. Remove it first."),
                refused(
                        "a network again, without pools",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n2\"}",
                        exists
                                + "pools '[10.60.0.0/24]', not '[]'; gateways '[10.60.0.1/24]', not '[]'. Remove it first."),
                refused(
                        "a network again, internal",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n2\",\"Options\":{\"com.docker.network.internal\":true},\"IPv4Data\":[{\"Pool\":\"10.60.0.0/24\",\"Gateway\":\"10.60.0.1/24\"}]}",
                        exists + "internal 'false', not 'true'. Remove it first."),
                malformed(
                        "a pool with 33 bits",
                        "CreateNetwork",
                        pool.formatted("10.70.0.0/33"),
                        "the call's field IPv4Data[0].Pool is wrong: '10.70.0.0/33" + cidr),
                malformed(
                        "a pool with a bit less than none",
                        "CreateNetwork",
                        pool.formatted("10.70.0.0/-1"),
                        "the call's field IPv4Data[0].Pool is wrong: '10.70.0.0/-1" + cidr),
                malformed(
                        "a pool without bits",
                        "CreateNetwork",
                        pool.formatted("10.70.0.0"),
                        "the call's field IPv4Data[0].Pool is wrong: '10.70.0.0" + cidr),
                malformed(
                        "a pool beyond 255",
                        "CreateNetwork",
                        pool.formatted("10.70.0.256/24"),
                        "the call's field IPv4Data[0].Pool is wrong: '10.70.0.256/24" + cidr),
                malformed(
                        "a pool that is empty",
                        "CreateNetwork",
                        pool.formatted(""),
                        "the call's field IPv4Data[0].Pool is missing"),
                malformed(
                        "a pool of 10 000 characters",
                        "CreateNetwork",
                        pool.formatted("1".repeat(10_000)),
                        "the call's field IPv4Data[0].Pool is wrong: '" + "1".repeat(64) + "…' (10000 characters)"),
                malformed(
                        "a gateway that is a name",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n3\",\"IPv4Data\":[{\"Pool\":\"10.70.0.0/24\",\"Gateway\":\"router\"}]}",
                        "the call's field IPv4Data[0].Gateway is wrong: 'router" + cidr),
                malformed(
                        "an auxiliary address with a terminal's escape",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n3\",\"IPv4Data\":[{\"Pool\":\"10.70.0.0/24\",\"AuxAddresses\":{\"a\":\"\\u001b[2J\"}}]}",
                        "the call's field IPv4Data[0].AuxAddresses.a is wrong: '\\u001b[2J'"),
                refused(
                        "an IPv6 pool among those of IPv4",
                        "CreateNetwork",
                        pool.formatted("fd70::/64"),
                        "cannot create the network: pool fd70::/64 stands among the pools of IPv4; its IPAM driver is at fault."),
                refused(
                        "an IPv4 pool among those of IPv6",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n3\",\"IPv6Data\":[{\"Pool\":\"10.70.0.0/24\"}]}",
                        "cannot create the network: pool 10.70.0.0/24 stands among the pools of IPv6; its IPAM driver is at fault."),
                refused(
                        "a gateway outside its pool",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n3\",\"IPv4Data\":[{\"Pool\":\"10.70.0.0/24\",\"Gateway\":\"10.71.0.1/24\"}]}",
                        "cannot create the network: gateway 10.71.0.1/24 is not in pool 10.70.0.0/24; give a --gateway that is."),
                refused(
                        "an unknown option",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n3\",\"Options\":{\"com.docker.network.generic\":{\"vlan\":\"5\"}}}",
                        "cannot create the network: unknown option 'vlan'; known: " + OPTIONS + "."),
                refused(
                        "an unknown option of two lines",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n3\",\"Options\":{\"com.docker.network.generic\":{\"vlan\\nmode\":\"5\"}}}",
                        "cannot create the network: unknown option 'vlan\\u000amode'; known: " + OPTIONS + "."),
                refused(
                        "a thousand unknown options",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n3\",\"Options\":{\"com.docker.network.generic\":{" + manyOptions() + "}}}",
                        "cannot create the network: unknown option 'o1000'; …"),
                refused(
                        "an unknown mode",
                        "CreateNetwork",
                        "{\"NetworkID\":\"n3\",\"Options\":{\"com.docker.network.generic\":{\"mode\":\"bridge\"}}}",
                        "cannot create the network: unknown mode 'bridge'; known: vxlan, macvlan, ipvlan."),
                refused("an MTU of letters", "CreateNetwork", mtu.formatted("abc"), range.formatted("abc")),
                refused("an MTU of nothing", "CreateNetwork", mtu.formatted(""), range.formatted("")),
                refused("an MTU of 1", "CreateNetwork", mtu.formatted("1"), range.formatted("1")),
                refused("an MTU of 100000", "CreateNetwork", mtu.formatted("100000"), range.formatted("100000")),
                taken("the deletion of an unknown network", "DeleteNetwork", "{\"NetworkID\":\"n9\"}", "{}"));
    }

    private static BadCall lan(String name, String options, String problem) {
        return refused(
                name,
                "CreateNetwork",
                "{\"NetworkID\":\"n3\",\"Options\":{\"com.docker.network.generic\":{" + options
                        + "}},\"IPv4Data\":[{\"Pool\":\"10.70.0.0/24\"}]}",
                "cannot create the network: " + problem);
    }

    /// Networks of the modes that are on a LAN.
    private static Stream<BadCall> lans() {
        var noSuchLink = "; there is no such link on this host, nor one of which it would be a VLAN (…";
        var fromHost = "option 'host_access' is 'true'; the host cannot be in such a network: with ";
        var modes = Stream.of("macvlan", "ipvlan").flatMap(mode -> {
            var on = "\"mode\":\"" + mode + "\",\"parent\":\"%s\"";
            return Stream.of(
                    lan(mode + " on no link", on.formatted("nosuch0"), "option 'parent' is 'nosuch0'" + noSuchLink),
                    lan(
                            mode + " on VLAN 4095",
                            on.formatted("eth0.4095"),
                            "option 'parent' is 'eth0.4095'" + noSuchLink),
                    lan(mode + " on VLAN 0", on.formatted("eth0.0"), "option 'parent' is 'eth0.0'" + noSuchLink),
                    lan(
                            mode + " on a VLAN of no link",
                            on.formatted("nosuch0.20"),
                            "option 'parent' is 'nosuch0.20'" + noSuchLink),
                    lan(
                            mode + " on the loopback",
                            on.formatted("lo"),
                            "option 'parent' is 'lo'; the loopback leads to no LAN; give a link such as eth0."),
                    lan(
                            mode + " on a parent without a name",
                            on.formatted(""),
                            "option 'parent' is ''; it has 0 bytes; 1 to 15 are possible."),
                    lan(
                            mode + " on a parent of two lines",
                            on.formatted("eth0\\n"),
                            "option 'parent' is 'eth0\\u000a'; it contains LINE FEED (LF); letters, digits, '.', '-' and"
                                    + " '_' are safe."),
                    lan(
                            mode + " on a parent of 10 000 characters",
                            on.formatted("e".repeat(10_000)),
                            "option 'parent' is '" + "e".repeat(64)
                                    + "…' (10000 characters); it has 10000 bytes; 1 to 15" + " are possible."),
                    lan(
                            mode + " with an MTU beyond Ethernet's without a parent",
                            "\"mode\":\"" + mode + "\",\"com.docker.network.driver.mtu\":\"1501\"",
                            "option 'com.docker.network.driver.mtu' is '1501'; it is the MTU of the containers' links,"
                                    + " from 68 to 1500, which the parent has."),
                    lan(
                            mode + " with an option of vxlan",
                            "\"mode\":\"" + mode + "\",\"egress_rate\":\"1mbit\"",
                            "unknown option 'egress_rate'; known: com.docker.network.advertise_addr_ms, …"),
                    lan(
                            mode + " with another probe",
                            "\"mode\":\"" + mode + "\",\"probe\":\"slow\"",
                            "option 'probe' is 'slow'; give off, fast or rfc."));
        });
        return Stream.concat(
                modes,
                Stream.of(
                        lan(
                                "a mode of macvlan that there is not",
                                "\"mode\":\"macvlan\",\"macvlan_mode\":\"source\"",
                                "option 'macvlan_mode' is 'source'; give bridge, private, vepa or passthru."),
                        lan(
                                "a mode of ipvlan in upper case",
                                "\"mode\":\"ipvlan\",\"ipvlan_mode\":\"L2\"",
                                "option 'ipvlan_mode' is 'L2'; give l2, l3 or l3s."),
                        lan(
                                "macvlan with ipvlan's mode",
                                "\"mode\":\"macvlan\",\"ipvlan_mode\":\"l2\"",
                                "unknown option 'ipvlan_mode'; known: …"),
                        lan(
                                "host access to private macvlan",
                                "\"mode\":\"macvlan\",\"macvlan_mode\":\"private\",\"host_access\":\"true\"",
                                fromHost + "macvlan_mode=private links on one parent do not reach each other."),
                        lan(
                                "host access to private ipvlan",
                                "\"mode\":\"ipvlan\",\"ipvlan_flag\":\"private\",\"host_access\":\"true\"",
                                fromHost + "ipvlan_flag=private …"),
                        lan(
                                "host access without an address for the host",
                                "\"mode\":\"macvlan\",\"host_access\":\"true\"",
                                "with 'host_access' the host needs an address of its own in 10.70.0.0/24, which nobody"
                                        + " else has: set one aside with --aux-address host=ADDRESS (host6=ADDRESS for a"
                                        + " second subnet).")));
    }

    private static String manyOptions() {
        return String.join(
                ",",
                IntStream.range(1000, 2000).mapToObj(i -> "\"o" + i + "\":\"\"").toList());
    }

    private static Stream<BadCall> endpoints() {
        var withMac =
                "{\"NetworkID\":\"n1\",\"EndpointID\":\"e4\",\"Interface\":{\"Address\":\"10.50.0.4/24\",\"MacAddress\":\"%s\"}}";
        var mac = "' is not a MAC address, such as 02:42:0a:00:00:05";
        var notAContainers =
                " cannot be a container's; give one whose first byte is even and which is not zero, such as 02:42:0a:00:00:05.";
        var withAddress = "{\"NetworkID\":\"n1\",\"EndpointID\":\"e4\",\"Interface\":{\"%s\":\"%s\"}}";
        var again =
                "{\"NetworkID\":\"n1\",\"EndpointID\":\"e1\",\"Interface\":{\"Address\":\"%s\",\"MacAddress\":\"%s\"}}";
        var exists = "endpoint e1 exists already, and otherwise: ";
        var restart = ". Remove its container and start it again.";
        return Stream.of(
                refused(
                        "an endpoint in an unknown network",
                        "CreateEndpoint",
                        "{\"NetworkID\":\"n9\",\"EndpointID\":\"e4\"}",
                        "network n9 is not known to this agent, whose state may have been lost; run 'weft state rebuild', or remove the network and create it again."),
                taken(
                        "an endpoint again",
                        "CreateEndpoint",
                        again.formatted("10.50.0.2/24", ""),
                        "{\"Interface\":{\"MacAddress\":\"02:42:0a:32:00:02\"}}"),
                taken(
                        "an endpoint again, with the MAC address it got",
                        "CreateEndpoint",
                        again.formatted("10.50.0.2/24", "02:42:0a:32:00:02"),
                        "{}"),
                refused(
                        "an endpoint again, with another address",
                        "CreateEndpoint",
                        again.formatted("10.50.0.9/24", ""),
                        exists + "IPv4 address '10.50.0.2/24', not '10.50.0.9/24'" + restart),
                refused(
                        "an endpoint again, without an address",
                        "CreateEndpoint",
                        again.formatted("", ""),
                        exists + "IPv4 address '10.50.0.2/24', not 'none'" + restart),
                refused(
                        "an endpoint again, with another MAC address",
                        "CreateEndpoint",
                        again.formatted("10.50.0.2/24", "02:00:00:00:00:01"),
                        exists + "MAC address '02:42:0a:32:00:02', not '02:00:00:00:00:01'" + restart),
                refused(
                        "an endpoint again, in another network",
                        "CreateEndpoint",
                        "{\"NetworkID\":\"n2\",\"EndpointID\":\"e1\",\"Interface\":{\"Address\":\"10.60.0.9/24\"}}",
                        "endpoint e1 is of network n1, not of network n2."),
                refused(
                        "an address outside the pools",
                        "CreateEndpoint",
                        withAddress.formatted("Address", "10.60.0.4/24"),
                        "address 10.60.0.4/24 is in no pool of network n1, which has '10.50.0.0/24, fd50::/64'; give an --ip of those."),
                refused(
                        "an IPv6 address outside the pools",
                        "CreateEndpoint",
                        withAddress.formatted("AddressIPv6", "fd60::4/64"),
                        "address fd60::4/64 is in no pool of network n1, which has '10.50.0.0/24, fd50::/64'; give an --ip of those."),
                refused(
                        "an IPv6 address for IPv4",
                        "CreateEndpoint",
                        withAddress.formatted("Address", "fd50::4/64"),
                        "address fd50::4/64 is given where an IPv4 address belongs; the network's IPAM driver is at fault."),
                refused(
                        "an IPv4 address for IPv6",
                        "CreateEndpoint",
                        withAddress.formatted("AddressIPv6", "10.50.0.4/24"),
                        "address 10.50.0.4/24 is given where an IPv6 address belongs; the network's IPAM driver is at fault."),
                malformed(
                        "an address without a prefix",
                        "CreateEndpoint",
                        withAddress.formatted("Address", "10.50.0.4"),
                        "the call's field Interface.Address is wrong: '10.50.0.4' is not an address with a prefix length, such as 10.0.0.5/24"),
                refused(
                        "a MAC address of a group",
                        "CreateEndpoint",
                        withMac.formatted("01:00:5e:00:00:01"),
                        "MAC address 01:00:5e:00:00:01" + notAContainers),
                refused(
                        "a MAC address of zeros",
                        "CreateEndpoint",
                        withMac.formatted("00:00:00:00:00:00"),
                        "MAC address 00:00:00:00:00:00" + notAContainers),
                malformed(
                        "a MAC address of seven bytes",
                        "CreateEndpoint",
                        withMac.formatted("02:42:0a:00:00:05:06"),
                        "the call's field Interface.MacAddress is wrong: '02:42:0a:00:00:05:06" + mac),
                malformed(
                        "a MAC address of five bytes",
                        "CreateEndpoint",
                        withMac.formatted("02:42:0a:00:00"),
                        "the call's field Interface.MacAddress is wrong: '02:42:0a:00:00" + mac),
                malformed(
                        "a MAC address with other letters",
                        "CreateEndpoint",
                        withMac.formatted("02:42:0a:00:00:0g"),
                        "the call's field Interface.MacAddress is wrong: '02:42:0a:00:00:0g" + mac),
                refused(
                        "an unknown --driver-opt",
                        "CreateEndpoint",
                        "{\"NetworkID\":\"n1\",\"EndpointID\":\"e4\",\"Options\":{\"speed\":\"5\"}}",
                        "cannot connect the container: unknown option 'speed'; known:"
                                + " com.docker.network.endpoint.ifname, egress_rate, ingress_rate."),
                taken(
                        "the facts of an unknown endpoint",
                        "EndpointOperInfo",
                        "{\"NetworkID\":\"n1\",\"EndpointID\":\"e9\"}",
                        "{\"Value\":{}}"),
                refused(
                        "the facts of another network's endpoint",
                        "EndpointOperInfo",
                        "{\"NetworkID\":\"n1\",\"EndpointID\":\"e3\"}",
                        "endpoint e3 is of network n2, not of network n1."),
                taken(
                        "the deletion of an unknown endpoint",
                        "DeleteEndpoint",
                        "{\"NetworkID\":\"n1\",\"EndpointID\":\"e9\"}",
                        "{}"),
                taken(
                        "the deletion of an endpoint of an unknown network",
                        "DeleteEndpoint",
                        "{\"NetworkID\":\"n9\",\"EndpointID\":\"e9\"}",
                        "{}"),
                refused(
                        "the deletion of another network's endpoint",
                        "DeleteEndpoint",
                        "{\"NetworkID\":\"n2\",\"EndpointID\":\"e1\"}",
                        "endpoint e1 is of network n1, not of network n2."));
    }

    private static Stream<BadCall> joins() {
        var join = "{\"NetworkID\":\"%s\",\"EndpointID\":\"%s\",\"SandboxKey\":\"%s\"}";
        var sandbox = "/var/run/docker/netns/0123456789ab";
        var notAPath = " is not the path of a network namespace, such as /var/run/docker/netns/0123456789ab.";
        return Stream.of(
                refused(
                        "a Join before CreateEndpoint",
                        "Join",
                        join.formatted("n1", "e4", sandbox),
                        "endpoint e4 is not known to this agent; start the container again."),
                refused(
                        "a Join to an unknown network",
                        "Join",
                        join.formatted("n9", "e1", sandbox),
                        "network n9 is not known to this agent, whose state may have been lost; run 'weft state rebuild', or remove the network and create it again."),
                refused(
                        "a Join to another network",
                        "Join",
                        join.formatted("n2", "e1", sandbox),
                        "endpoint e1 is of network n1, not of network n2."),
                taken(
                        "a second Join",
                        "Join",
                        join.formatted("n1", "e1", sandbox),
                        "{\"InterfaceName\":{\"SrcName\":\"weft-e1\",\"DstPrefix\":\"eth\"}}"),
                malformed(
                        "a Join without a sandbox",
                        "Join",
                        "{\"NetworkID\":\"n1\",\"EndpointID\":\"e2\"}",
                        "the call's field SandboxKey is missing"),
                refused(
                        "a sandbox that is no path",
                        "Join",
                        join.formatted("n1", "e2", "netns"),
                        "sandbox 'netns'" + notAPath),
                refused(
                        "a sandbox with a NUL",
                        "Join",
                        join.formatted("n1", "e2", "/a\\u0000b"),
                        "sandbox '/a\\u0000b'" + notAPath),
                refused(
                        "a sandbox of 100 000 characters",
                        "Join",
                        join.formatted("n1", "e2", "/" + "a".repeat(99_999)),
                        "sandbox '/" + "a".repeat(63) + "…' (100000 characters)" + notAPath),
                taken("a Leave without a Join", "Leave", "{\"NetworkID\":\"n1\",\"EndpointID\":\"e2\"}", "{}"),
                taken("a Leave of an unknown endpoint", "Leave", "{\"NetworkID\":\"n1\",\"EndpointID\":\"e9\"}", "{}"),
                refused(
                        "a Leave from another network",
                        "Leave",
                        "{\"NetworkID\":\"n2\",\"EndpointID\":\"e1\"}",
                        "endpoint e1 is of network n1, not of network n2."));
    }

    private static Stream<BadCall> ids() {
        var ids = Stream.of(
                "n1/../n2",
                "n1\\\"",
                "n1'; DROP TABLE network;--",
                "n1\\u0000",
                "n1\\n",
                "n 1",
                "😀",
                "n".repeat(65),
                "%s%n{0}");
        var shown = List.of(
                "'n1/../n2'",
                "'n1\"'",
                "'n1'; DROP TABLE network;--'",
                "'n1\\u0000'",
                "'n1\\u000a'",
                "'n 1'",
                "'😀'",
                "'" + "n".repeat(64) + "…' (65 characters)",
                "'%s%n{0}'");
        var named = shown.iterator();
        var networks = ids.map(id -> {
            var name = named.next();
            return refused("a network named " + name, "DeleteNetwork", "{\"NetworkID\":\"" + id + "\"}", name + NO_ID);
        });
        var everywhere = Stream.of(
                        "CreateNetwork", "CreateEndpoint", "DeleteEndpoint", "EndpointOperInfo", "Join", "Leave")
                .map(method -> refused(
                        method + " of a network with a slash",
                        method,
                        "{\"NetworkID\":\"n1/\",\"EndpointID\":\"e1\",\"SandboxKey\":\"/s\"}",
                        "'n1/'" + NO_ID));
        var endpoints = Stream.of("CreateEndpoint", "DeleteEndpoint", "EndpointOperInfo", "Join", "Leave")
                .map(method -> refused(
                        method + " of an endpoint of 10 000 characters",
                        method,
                        "{\"NetworkID\":\"n1\",\"EndpointID\":\"" + "e".repeat(10_000) + "\",\"SandboxKey\":\"/s\"}",
                        "'" + "e".repeat(64) + "…' (10000 characters)" + NO_ID));
        return Stream.of(networks, everywhere, endpoints).flatMap(group -> group);
    }

    private static Stream<BadCall> http() {
        var delete = "{\"NetworkID\":\"n1\"}";
        var smuggled = new String(call("DeleteNetwork", delete), UTF_8);
        var path = "POST /NetworkDriver.DeleteNetwork HTTP/1.1\r\nHost: x\r\n";
        var notHttp = "cannot take the request: …";
        return Stream.of(
                raw(
                        "GET",
                        request("GET /NetworkDriver.DeleteNetwork", delete),
                        405,
                        "a plugin's calls are made with POST, not GET"),
                raw(
                        "PUT",
                        request("PUT /NetworkDriver.DeleteNetwork", delete),
                        405,
                        "a plugin's calls are made with POST, not PUT"),
                raw(
                        "an unknown call",
                        request("POST /NetworkDriver.Fly", delete),
                        404,
                        "this plugin has no call /NetworkDriver.Fly"),
                raw(
                        "a call of volume plugins, which this agent does not serve",
                        request("POST /VolumeDriver.Remove", "{\"Name\":\"v\"}"),
                        404,
                        "this plugin has no call /VolumeDriver.Remove"),
                raw(
                        "a call in lower case",
                        request("POST /networkdriver.deletenetwork", delete),
                        404,
                        "this plugin has no call /networkdriver.deletenetwork"),
                raw(
                        "a path with a query",
                        request("POST /NetworkDriver.DeleteNetwork?force", delete),
                        404,
                        "this plugin has no call /NetworkDriver.DeleteNetwork?force"),
                raw(
                        "a path with two slashes",
                        request("POST //NetworkDriver.DeleteNetwork", delete),
                        404,
                        "this plugin has no call //NetworkDriver.DeleteNetwork"),
                raw(
                        "a path with dots",
                        request("POST /a/../NetworkDriver.DeleteNetwork", delete),
                        404,
                        "this plugin has no call /a/../NetworkDriver.DeleteNetwork"),
                raw(
                        "a path with a percent sign",
                        request("POST /NetworkDriver%2EDeleteNetwork", delete),
                        404,
                        "this plugin has no call /NetworkDriver%2EDeleteNetwork"),
                raw(
                        "a path of 10 000 characters",
                        request("POST /" + "a".repeat(9_999), delete),
                        414,
                        "cannot take the request: the request's first line is too long."),
                raw(
                        "a header of 10 000 characters",
                        path + "A: " + "a".repeat(10_000) + "\r\n\r\n",
                        431,
                        "cannot take the request: the request's headers are too long."),
                raw("garbage", "\u0001\u0002garbage\u0003\r\n\r\n", 400, notHttp),
                raw(
                        "the bytes of a TLS client",
                        HexFormat.of()
                                .parseHex(
                                        "16030100380100003403030000000000000000000000000000000000000000000000000000000000000000000006130113021303010000050000000000000d0a0d0a"),
                        400,
                        notHttp),
                raw(
                        "a length and chunks",
                        path + "Content-Length: " + (5 + smuggled.length())
                                + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
                        400,
                        notHttp),
                raw(
                        "chunks and a length",
                        path + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + smuggled,
                        400,
                        notHttp),
                raw(
                        "two lengths",
                        path + "Content-Length: 0\r\nContent-Length: " + smuggled.length() + "\r\n\r\n" + smuggled,
                        400,
                        notHttp),
                raw("a length that is no number", path + "Content-Length: ten\r\n\r\n" + smuggled, 400, notHttp),
                raw("a length below zero", path + "Content-Length: -1\r\n\r\n" + smuggled, 400, notHttp),
                raw(
                        "a length of 20 digits",
                        path + "Content-Length: 99999999999999999999\r\n\r\n" + delete,
                        400,
                        notHttp),
                raw(
                        "a length of 4 GB",
                        path + "Content-Length: 4294967296\r\n\r\n" + delete,
                        413,
                        "cannot take the request: the body has more than 1048576 bytes."),
                raw(
                        "a chunk whose length is no number",
                        path + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" + smuggled,
                        400,
                        notHttp),
                raw("a chunk of 4 GB", path + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n" + delete, 400, notHttp));
    }
}
