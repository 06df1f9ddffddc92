package dev.weft.netlink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/// What the kernel takes as a link's name (dev_valid_name in net/core/dev.c); checked here for the sake of the message.
public final class LinkName {
    /// IFNAMSIZ (linux/if.h) without the zero byte.
    private static final int LONGEST = 15;

    private LinkName() {}

    /// @return the name
    /// @throws IllegalArgumentException if it is none; the message quotes it
    public static String check(String name) {
        problem(name).ifPresent(problem -> {
            throw new IllegalArgumentException("'" + name + "' is not a link name: " + problem);
        });
        return name;
    }

    /// Why it is none, for who quotes it otherwise; empty if it is one.
    public static Optional<String> problem(String name) {
        int length = name.getBytes(UTF_8).length;
        if (length < 1 || length > LONGEST) {
            return Optional.of("it has " + length + " bytes; 1 to " + LONGEST + " are possible");
        }
        if (name.equals(".") || name.equals("..")) {
            return Optional.of("it names a directory");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            // '%' is not refused by the kernel but expanded: "veth%d" becomes veth0.
            if (c == '/' || c == ':' || c == '%' || c <= ' ' || c == 0x7f || c == 0xa0) {
                return Optional.of(
                        "it contains " + Character.getName(c) + "; letters, digits, '.', '-' and '_' are safe");
            }
        }
        return Optional.empty();
    }
}
