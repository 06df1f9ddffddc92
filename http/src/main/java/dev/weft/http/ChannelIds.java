package dev.weft.http;

/// Keeps Netty from walking through all network interfaces at its first connection, for a MAC address to put into
/// channel ids: a Docker host has hundreds of links, and a namespace without any makes it log a warning.
final class ChannelIds {
    private static final String PROPERTY = "io.netty.machineId";

    private ChannelIds() {}

    /// To be called before the first channel is made. What the program has set itself is left alone.
    static void useFixedMachine() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, "02:00:00:00:00:00:00:01");
        }
    }
}
