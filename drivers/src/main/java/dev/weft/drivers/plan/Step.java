package dev.weft.drivers.plan;

import dev.weft.inet.MacAddress;

/// One change of the kernel's networking. Its text is the command of ip(8) that would do the same in the fabric.
///
/// A step says how things shall be, so applying it again changes nothing. Links carry an alias that names what they
/// are for; a link of the same name with another alias is somebody else's and is never touched.
public sealed interface Step {
    /// A bridge in the fabric namespace, up.
    ///
    /// @param mtu bytes
    record CreateBridge(String name, int mtu, String alias) implements Step {
        @Override
        public String toString() {
            return "ip link add " + name + " up mtu " + mtu + " alias '" + alias + "' type bridge mcast_snooping 0";
        }
    }

    /// A pair of links: `port` in the fabric namespace, and `containerEnd` in the host's, for the engine to move on.
    ///
    /// @param mac of the container's end
    /// @param mtu bytes, of both ends
    record CreateVeth(String port, String containerEnd, MacAddress mac, int mtu, String alias) implements Step {
        @Override
        public String toString() {
            return "ip link add " + port + " mtu " + mtu + " alias '" + alias + "' type veth peer " + containerEnd
                    + " address " + mac + " mtu " + mtu + " netns host";
        }
    }

    /// Makes the port one of the bridge's, up; both are in the fabric namespace. Undone with the port itself.
    ///
    /// @param mtu bytes
    record AttachPort(String port, String bridge, int mtu, String alias) implements Step {
        @Override
        public String toString() {
            return "ip link set " + port + " up mtu " + mtu + " master " + bridge;
        }
    }
}
