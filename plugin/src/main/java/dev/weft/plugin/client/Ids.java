package dev.weft.plugin.client;

import dev.weft.inet.MacAddress;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Makes names as an engine does.
record Ids(RandomGenerator random) {
    private static final int ID_BYTES = 32;
    private static final int SANDBOX_BYTES = 6;
    private static final int MAC_BYTES = 6;

    /// Of a network, a container or an endpoint.
    String id() {
        return hex(ID_BYTES);
    }

    String sandboxKey() {
        return "/var/run/docker/netns/" + hex(SANDBOX_BYTES);
    }

    /// Of no maker, and of one machine.
    MacAddress mac() {
        var bytes = bytes(MAC_BYTES);
        bytes[0] = (byte) ((bytes[0] & ~1) | 2);
        return MacAddress.of(bytes);
    }

    private String hex(int length) {
        return HexFormat.of().formatHex(bytes(length));
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
