package dev.weft.drivers.mode;

/// What links of ours are called. Names have 15 bytes at most (`IFNAMSIZ`, linux/if.h); the alias has the whole id.
public final class LinkNames {
    private LinkNames() {}

    /// The name that the container's end has until the engine moves it.
    public static String containerEnd(String endpointId) {
        return "weft-" + start(endpointId, 10);
    }

    /// The link by which the host is in a network that it has access to.
    public static String hostEnd(String networkId) {
        return "whost-" + start(networkId, 9);
    }

    /// Of what a network itself has in the fabric.
    public static String networkAlias(String networkId) {
        return "weft network " + networkId;
    }

    /// Of that through which the host has access.
    public static String hostAlias(String networkId) {
        return "weft host " + networkId;
    }

    public static String endpointAlias(String endpointId) {
        return "weft endpoint " + endpointId;
    }

    /// Of a VLAN's link that networks stand on.
    public static String vlanAlias(String link) {
        return "weft vlan " + link;
    }

    /// The id, or its beginning.
    public static String start(String id, int length) {
        return id.substring(0, Math.min(length, id.length()));
    }
}
