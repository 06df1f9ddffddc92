package dev.weft.system;

import static java.util.stream.Collectors.joining;

import dev.weft.lab.Host;
import dev.weft.lab.Lab;
import dev.weft.lab.Result;
import io.avaje.json.mapper.JsonMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Docker commands for a network on a LAN and its containers, and what these have then: links, addresses, routes,
/// sysctls, and whom they reach. It is all looked at from outside, with the host's own programs.
record LanScript(Lab lab, Host host) {
    /// Of `ip -d -j link`, what differs with any two containers.
    private static final Set<String> DIFFERS_ALWAYS =
            Set.of("ifindex", "link_index", "link_netnsid", "ifalias", "stats", "stats64");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String LOOK = """
            pid=$(docker inspect -f '{{.State.Pid}}' one)
            in_one() { nsenter -t $pid -n "$@"; }
            for turn in $(seq 200); do
                in_one ip -6 addr | grep -q tentative || break
                sleep 0.1
            done
            echo '== links'; in_one ip -d -j link
            echo '== address'; in_one ip -o addr
            echo '== route'; in_one ip route show table all; in_one ip -6 route show table all
            echo '== rule'; in_one ip rule; in_one ip -6 rule
            echo '== sysctls'
            in_one sh -c 'cd /proc/sys/net && grep -s "" ipv4/conf/eth0/* ipv6/conf/eth0/*'
            echo '== inspect'
            docker inspect -f '{{range .NetworkSettings.Networks}}Gateway={{.Gateway}}
            IPv6Gateway={{.IPv6Gateway}}
            IPAddress={{.IPAddress}}/{{.IPPrefixLen}}
            GlobalIPv6Address={{.GlobalIPv6Address}}/{{.GlobalIPv6PrefixLen}}{{end}}' one
            """;

    private static final String ASK = """
            ask() {
                who="$1 reaches $2" to=$2
                shift 2
                { "$@" busybox ping -c 2 -W 1 $to >/dev/null 2>&1 && echo "$who=yes" || echo "$who=no"; } &
            }
            """;

    /// Starts an agent, and makes a link that leads to the host itself.
    void prepare() {
        host.startAgent();
        host.sh("ip link add p0 type veth peer name p1; ip link set p0 up; ip link set p1 up;"
                        + " ip addr add 10.66.0.254/24 dev p1")
                .ok();
        Eventually.isTrue("the agent has made docker_gwbridge", () -> links().contains("docker_gwbridge"));
    }

    /// Runs it with both drivers.
    void compare(LanCase network) {
        var theirs = run(network, "-d " + network.mode());
        var ours = run(network, "-d weft -o mode=" + network.mode());
        LanDifference.compare(engine(), network, theirs, ours);
    }

    /// Such as `20.10`.
    private String engine() {
        var version = host.docker("version", "-f", "{{.Server.Version}}").ok().text();
        return version.replaceFirst("^([0-9]+\\.[0-9]+).*", "$1");
    }

    /// Makes the network with that driver and looks at it; all is removed again.
    ///
    /// @param driver options of `docker network create`
    /// @return values by the names of fields
    private Map<String, String> run(LanCase of, String driver) {
        var fields = new TreeMap<String, String>();
        var before = links();
        boolean made = docker("network create", driver + " " + of.network() + " lan", fields)
                && docker("run", "-d --name one --network lan " + of.one() + " busybox top", fields)
                && (of.two().equals("none")
                        || docker("run", "-d --name two --network lan " + of.two() + " busybox top", fields));
        if (made) {
            look(of, fields);
        }
        host.docker("rm", "-f", "one", "two");
        host.docker("network", "rm", "lan");
        var left = links();
        left.removeAll(before);
        fields.put("links left on the host", left.toString());
        return fields;
    }

    private boolean docker(String command, String arguments, Map<String, String> fields) {
        boolean done = host.docker(words(command + " " + arguments).toArray(String[]::new))
                        .exitCode()
                == 0;
        fields.merge("docker " + command, done ? "works" : "fails", (former, now) -> now);
        return done;
    }

    private List<String> links() {
        return new ArrayList<>(host.sh("ls /sys/class/net").ok().text().lines().toList());
    }

    private void look(LanCase of, Map<String, String> fields) {
        var parts = new HashMap<String, String>();
        for (var part : host.sh(LOOK).ok().out().split("(?m)^== ")) {
            var halves = part.split("\n", 2);
            parts.put(halves[0], halves.length == 1 ? "" : halves[1].strip());
        }
        var links = (List<?>)
                JSON.fromJsonObject("{\"links\":" + parts.get("links") + "}").get("links");
        for (var link : links) {
            var values = (Map<?, ?>) link;
            flatten("link " + values.get("ifname"), values, fields);
        }
        boolean isOfAParent = of.mode().equals("ipvlan") && of.network().contains("parent="); // a dummy's is random
        if (!isOfAParent && !of.one().contains("--mac-address")) {
            fields.replace("link eth0 address", "some");
        }
        for (var kind : List.of("address", "route", "rule")) {
            lines(parts.get(kind)).forEach(line -> fields.put(kind + " " + line, "is there"));
        }
        parts.get("sysctls").lines().forEach(line -> put("sysctl ", line.split(":", 2), fields));
        parts.get("inspect")
                .lines()
                .forEach(line -> put("inspect ", line.strip().split("=", 2), fields));
        reach(of, fields);
    }

    /// Link-local addresses follow from the MAC address, and numbers of links are the kernel's.
    private static Stream<String> lines(String text) {
        return text.lines()
                .map(line -> line.replaceFirst("^[0-9]+: eth0 ", "eth0 ")
                        .replaceAll("fe80::[0-9a-f:]+", "fe80::MAC")
                        .replaceAll("\\s+", " ")
                        .strip());
    }

    private static void put(String kind, String[] pair, Map<String, String> fields) {
        fields.put(kind + pair[0], pair[1]);
    }

    private static void flatten(String name, Object value, Map<String, String> fields) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> {
                if (!DIFFERS_ALWAYS.contains(key.toString())) {
                    flatten(name + " " + key, inner, fields);
                }
            });
        } else {
            fields.put(name, value.toString());
        }
    }

    private void reach(LanCase of, Map<String, String> fields) {
        var own = addresses("one");
        var asked = Stream.of(addresses("two"), List.of("10.77.0.1", "fd77::1", "10.77.0.254", "fd77::fe"), of.asks())
                .flatMap(List::stream)
                .toList();
        var inOne = "nsenter -t $(docker inspect -f '{{.State.Pid}}' one) -n ";
        answers(host.sh(ASK + asks("container", inOne, asked) + asks("host", "", own) + "wait"), fields);
        answers(lab.run("sh", "-c", ASK + asks("LAN", "", own) + "wait"), fields);
    }

    /// None if there is no such container.
    private List<String> addresses(String container) {
        var template = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}}{{end}}";
        return words(host.docker("inspect", "-f", template, container).text());
    }

    private static String asks(String who, String inSandbox, List<String> addresses) {
        return addresses.stream()
                .map(address -> "ask " + who + " " + address + " " + inSandbox + "\n")
                .collect(joining());
    }

    private static void answers(Result result, Map<String, String> fields) {
        result.ok().out().lines().forEach(line -> put("", line.split("=", 2), fields));
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }
}
