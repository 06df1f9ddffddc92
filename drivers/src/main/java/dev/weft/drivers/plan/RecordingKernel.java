package dev.weft.drivers.plan;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.weft.inet.MacAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// A kernel that only remembers which steps are in force: for tests of what drivers decide, and to measure everything
/// but the kernel.
public class RecordingKernel implements Kernel {
    private final Set<Step> inForce = ConcurrentHashMap.newKeySet();
    private final Set<String> hostEnds = ConcurrentHashMap.newKeySet();

    /// With nothing in force.
    public RecordingKernel() {}

    @Override
    public Outcome apply(Step step) {
        if (step instanceof Step.Restore restored && inForce.contains(restored.link())) {
            return Outcome.FOUND;
        }
        if (step instanceof Step.Forward forward && !inForce.contains(step)) {
            inForce.removeIf(before ->
                    before instanceof Step.Forward other && other.device().equals(forward.device()));
        }
        if (!inForce.contains(step)) {
            hostEnd(step).ifPresent(hostEnds::add);
        }
        return inForce.add(made(step)) ? Outcome.CREATED : Outcome.FOUND;
    }

    /// What is there afterwards: a link that is restored is one.
    static Step made(Step step) {
        return step instanceof Step.Restore restored ? restored.link() : step;
    }

    private static Optional<String> hostEnd(Step step) {
        return switch (step) {
            case Step.CreateVeth veth -> Optional.of(veth.hostEnd());
            case Step.CreateLanLink link -> Optional.of(link.name());
            default -> Optional.empty();
        };
    }

    @Override
    public void undo(Step step) {
        hostEnd(step).ifPresent(hostEnds::remove);
        inForce.remove(made(step));
    }

    @Override
    public int remove(String alias) {
        var gone = inForce.stream()
                .filter(step -> alias(step).filter(alias::equals).isPresent())
                .toList();
        gone.forEach(this::undo);
        return gone.size();
    }

    /// The alias of the links that a step makes; empty if it makes none.
    static Optional<String> alias(Step step) {
        return switch (step) {
            case Step.CreateBridge bridge -> Optional.of(bridge.alias());
            case Step.Movable link -> Optional.of(link.alias());
            case Step.Restore restored -> Optional.of(restored.link().alias());
            case Step.CreateIfb ifb -> Optional.of(ifb.alias());
            case Step.CreateVxlan vxlan -> Optional.of(vxlan.alias());
            case Step.Forward ignored -> Optional.empty();
            case Step.CreateDummy dummy -> Optional.of(dummy.alias());
            case Step.AttachPort port -> Optional.of(port.alias());
            case Step.AddressHostEnd end -> Optional.of(end.alias());
            case Step.CreateVlan ignored -> Optional.empty(); // nobody's in particular
            case Step.NeedParent ignored -> Optional.empty();
            case Step.NeedFreeParent ignored -> Optional.empty();
            case Step.RouteFromHost ignored -> Optional.empty();
            case Step.AddStation ignored -> Optional.empty();
            case Step.LimitRate ignored -> Optional.empty();
            case Step.Redirect ignored -> Optional.empty();
        };
    }

    @Override
    public boolean hostHas(String link) {
        return hostEnds.contains(link);
    }

    /// As when an engine takes the link into a sandbox.
    public void moveAway(String hostEnd) {
        hostEnds.remove(hostEnd);
    }

    /// In no order.
    public List<Step> inForce() {
        return List.copyOf(inForce);
    }

    @Override
    public View view() {
        var aliases = inForce.stream()
                .map(RecordingKernel::alias)
                .flatMap(Optional::stream)
                .collect(toUnmodifiableSet());
        return new View() {
            @Override
            public boolean holds(Step step) {
                return inForce.contains(made(step));
            }

            @Override
            public Set<String> aliases() {
                return Stream.concat(aliases.stream(), strays()).collect(toUnmodifiableSet());
            }
        };
    }

    /// Aliases of links of ours that no step has made.
    protected Stream<String> strays() {
        return Stream.empty();
    }

    @Override
    public Optional<String> nameInSandbox(String sandbox, String alias, MacAddress mac) {
        return Optional.empty();
    }
}
