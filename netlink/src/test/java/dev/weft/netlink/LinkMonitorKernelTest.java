package dev.weft.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class LinkMonitorKernelTest {
    @RegisterExtension
    private final TestNamespaces namespaces = new TestNamespaces();

    private final Semaphore notices = new Semaphore(0);

    private boolean noticed() throws InterruptedException {
        boolean noticed = notices.tryAcquire(1, TimeUnit.MINUTES);
        notices.drainPermits();
        return noticed;
    }

    @Test
    void it_tells_that_a_link_was_made_changed_and_removed() throws InterruptedException {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here);
                var _ = LinkMonitor.open(here, notices::release)) {
            netlink.add(LinkSpec.of("br0", Bridge.defaults()));
            assertThat(noticed()).isTrue();
            int bridge = netlink.link("br0").orElseThrow().index();
            netlink.set(bridge, LinkChange.none().mtu(1400));
            assertThat(noticed()).isTrue();
            netlink.delete(bridge);
            assertThat(noticed()).isTrue();
        }
    }

    @Test
    void closed_it_tells_nothing_more() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            var monitor = LinkMonitor.open(here, notices::release);
            monitor.close();
            monitor.close();
            netlink.add(LinkSpec.of("br0", Bridge.defaults()));
            assertThat(notices.availablePermits()).isZero();
        }
    }

    @Test
    void a_namespace_that_is_closed_cannot_be_watched() {
        var here = namespaces.create();
        here.close();
        assertThatThrownBy(() -> LinkMonitor.open(here, notices::release)).hasMessageContaining("is closed");
    }
}
