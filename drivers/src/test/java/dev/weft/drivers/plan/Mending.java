package dev.weft.drivers.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.AddressText;
import java.util.List;

/// What a person has done to what a plan has made, and making it so again.
record Mending(Kernel kernel, Plan wanted) {
    /// What is not as it should be.
    List<Step> missing() {
        var view = kernel.view();
        return wanted.steps().stream().filter(step -> !view.holds(step)).toList();
    }

    /// @param steps which that are, such as `CreateBridge(br-1) AttachPort(veth-1)`
    void isSeenAndDone(String steps) {
        assertThat(missing().stream().map(Mending::shown)).containsExactly(steps.split(" "));
        wanted.applyTo(kernel);
        assertThat(missing()).isEmpty();
        assertThat(wanted.applyTo(kernel)).isEmpty();
    }

    private static String link(Step.Restore restored) {
        return switch (restored.link()) {
            case Step.CreateVeth veth -> veth.port();
            case Step.CreateLanLink link -> link.name();
        };
    }

    private static String shown(Step step) {
        return step.getClass().getSimpleName() + "("
                + switch (step) {
                    case Step.CreateBridge bridge -> bridge.name();
                    case Step.CreateVeth veth -> veth.port();
                    case Step.Restore restored -> link(restored);
                    case Step.AttachPort port -> port.port();
                    case Step.AddStation station -> station.port();
                    case Step.AddressHostEnd end -> end.link();
                    case Step.CreateIfb ifb -> ifb.name();
                    case Step.LimitRate limit -> limit.link();
                    case Step.Redirect redirect -> redirect.port();
                    case Step.CreateVxlan vxlan -> vxlan.name();
                    case Step.Forward forward -> forward.device();
                    case Step.NeedParent parent -> parent.link();
                    case Step.NeedFreeParent parent -> parent.parent();
                    case Step.CreateVlan vlan -> vlan.name();
                    case Step.CreateDummy dummy -> dummy.name();
                    case Step.CreateLanLink link -> link.name();
                    case Step.RouteFromHost route -> AddressText.of(route.to());
                }
                + ")";
    }
}
