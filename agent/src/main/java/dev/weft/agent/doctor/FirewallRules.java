package dev.weft.agent.doctor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The rules of table `filter`, as `iptables -S` prints them: `-P FORWARD DROP`, `-A FORWARD -i eth0 -j ACCEPT`.
record FirewallRules(List<String> lines) {
    static final FirewallRules NONE = new FirewallRules(List.of());

    FirewallRules {
        lines = List.copyOf(lines);
    }

    /// Whether what no rule of the chain decides about is dropped.
    boolean drops(String chain) {
        return lines.contains("-P " + chain + " DROP");
    }

    /// Whether a rule accepts the packets, in the chain or in one that it jumps to. Rules that drop some of them before
    /// are not looked for.
    ///
    /// @param matches whether the packets are all such as a part of a rule asks for: `-i docker_gwbridge`
    boolean accepts(String chain, Predicate<String> matches) {
        return accepts(chain, matches, new HashSet<>());
    }

    private boolean accepts(String chain, Predicate<String> matches, Set<String> seen) {
        if (!seen.add(chain)) {
            return false;
        }
        var beginning = "-A " + chain + " ";
        return lines.stream()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()))
                .filter(rule -> parts(rule).stream().allMatch(part -> isRemark(part) || matches.test(part)))
                .flatMap(FirewallRules::target)
                .anyMatch(target -> target.equals("ACCEPT") || accepts(target, matches, seen));
    }

    private static boolean isRemark(String part) {
        return part.equals("-m comment") || part.startsWith("--comment ") || isTarget(part);
    }

    private static boolean isTarget(String part) {
        return part.startsWith("-j ") || part.startsWith("-g ");
    }

    private static Stream<String> target(String rule) {
        return parts(rule).stream().filter(FirewallRules::isTarget).map(part -> part.split(" ", 3)[1]);
    }

    /// Each begins with an option, or with the `!` before it.
    private static List<String> parts(String rule) {
        var parts = new ArrayList<String>();
        var part = new StringBuilder();
        for (var word : rule.split(" ", -1)) {
            boolean begins = word.equals("!")
                    || (word.startsWith("-") && !part.toString().equals("!"));
            if (begins && !part.isEmpty()) {
                parts.add(part.toString());
                part.setLength(0);
            }
            part.append(part.isEmpty() ? "" : " ").append(word);
        }
        parts.add(part.toString());
        return parts;
    }
}
