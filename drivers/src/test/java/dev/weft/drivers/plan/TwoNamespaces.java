package dev.weft.drivers.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A host's namespace and a fabric's without a name, which end with their last descriptor, and the kernel that works
/// in them.
public final class TwoNamespaces implements AutoCloseable {
    final NetworkNamespace hostNamespace = unnamed();
    final NetworkNamespace fabricNamespace = unnamed();
    final Netlink host = Netlink.open(hostNamespace);
    final Netlink fabric = Netlink.open(fabricNamespace);
    public final Kernel kernel = new NetlinkKernel(hostNamespace, host, fabricNamespace, fabric);

    private TwoNamespaces() throws Exception {}

    public static TwoNamespaces make() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "making network namespaces needs root; run with sudo");
        return new TwoNamespaces();
    }

    /// The namespace of a process that only lives until we hold it.
    static NetworkNamespace unnamed() throws Exception {
        var process = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo ready; cat").start();
        try {
            process.getInputStream().read();
            return NetworkNamespace.at(Path.of("/proc", Long.toString(process.pid()), "ns/net"));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /// The path by which other programs enter the namespace while this process holds it.
    static String path(NetworkNamespace namespace) {
        return "/proc/" + ProcessHandle.current().pid() + "/fd/" + namespace.descriptor();
    }

    /// What a person types in the fabric.
    public String inFabric(String command) {
        return in(fabricNamespace, command);
    }

    /// What a person types in the host.
    String inHost(String command) {
        return in(hostNamespace, command);
    }

    static String in(NetworkNamespace namespace, String command) {
        var words = new ArrayList<>(List.of("nsenter", "--net=" + path(namespace), "sh", "-ec", command));
        try {
            var process = new ProcessBuilder(words).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
            return output;
        } catch (Exception failure) {
            throw new AssertionError("cannot run " + command, failure);
        }
    }

    @Override
    public void close() {
        fabric.close();
        host.close();
        fabricNamespace.close();
        hostNamespace.close();
    }
}
