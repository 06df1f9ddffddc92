package dev.weft.drivers;

import dev.weft.drivers.mode.LinkNames;
import dev.weft.drivers.mode.Modes;
import dev.weft.drivers.plan.Kernel;
import dev.weft.drivers.plan.LinkConflict;
import dev.weft.drivers.plan.Plan;
import dev.weft.drivers.plan.Step;
import dev.weft.drivers.plan.View;
import dev.weft.netlink.NetlinkException;
import dev.weft.state.Change;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.Registry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Compares what should exist, which is on record, with what does, and mends the difference. What is as it should be is
/// not touched; what is not on record is told and not touched.
final class Comparison {
    private final Registry registry;
    private final Kernel kernel;
    private final Modes modes;
    private final NetworkLocks locks;
    private final List<Step> repairs = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    Comparison(Registry registry, Kernel kernel, Modes modes, NetworkLocks locks) {
        this.registry = registry;
        this.kernel = kernel;
        this.modes = modes;
        this.locks = locks;
    }

    /// Of all networks. Calls of engines may come meanwhile.
    Reconciliation ofAll() {
        var onRecord = aliasesOnRecord();
        var view = kernel.view();
        for (var network : registry.networks()) {
            if (!isAsRecorded(network, view)) {
                locks.in(network.id(), () -> {
                    registry.network(network.id()).ifPresent(current -> of(current, view));
                    return network;
                });
            }
        }
        return new Reconciliation(repairs, removed, problems, strangers(view, onRecord));
    }

    /// Looks without the lock, so that no call of an engine waits for a look into each sandbox. What a call is just
    /// changing may seem otherwise; then it is looked at again, with the lock.
    private boolean isAsRecorded(NetworkRecord network, View view) {
        var mode = modes.of(network);
        var aliases = view.aliases();
        try {
            return missing(mode.network(network), view).isEmpty()
                    && missing(mode.forwarding(network), view).isEmpty()
                    && registry.endpointsOf(network.id()).stream()
                            .allMatch(endpoint -> endpoint.joined()
                                    ? missing(mode.attachment(network, endpoint), view)
                                            .isEmpty()
                                    : !aliases.contains(LinkNames.endpointAlias(endpoint.id())));
        } catch (NetlinkException goneMeanwhile) {
            return false;
        }
    }

    /// Of one network, whose lock the caller has.
    List<String> ofOne(NetworkRecord network) {
        of(network, kernel.view());
        return problems;
    }

    /// Only looks. What calls of engines are just changing may be among it.
    Examination look() {
        var onRecord = aliasesOnRecord();
        var view = kernel.view();
        var deviations = new ArrayList<Deviation>();
        for (var network : registry.networks()) {
            var mode = modes.of(network);
            var wanted = mode.network(network).then(mode.forwarding(network));
            deviations.addAll(otherwise("network " + network.title(), network, wanted, view));
            registry.endpointsOf(network.id()).stream()
                    .filter(EndpointRecord::joined)
                    .map(endpoint -> otherwise(endpoint.title(), network, mode.attachment(network, endpoint), view))
                    .forEach(deviations::addAll);
        }
        return new Examination(deviations, strangers(view, onRecord));
    }

    private List<Deviation> otherwise(String whose, NetworkRecord network, Plan wanted, View view) {
        return missing(wanted, view).stream()
                .filter(step -> sharedMac(step, network, view).isEmpty())
                .map(step -> new Deviation(whose, step))
                .toList();
    }

    private static List<Step> missing(Plan wanted, View view) {
        return wanted.steps().stream().filter(step -> !view.holds(step)).toList();
    }

    private Optional<SharedMac> sharedMac(Step missing, NetworkRecord network, View view) {
        return SharedMac.takenFrom(missing, network, registry, modes, view);
    }

    private void of(NetworkRecord network, View view) {
        var mode = modes.of(network);
        mend(network, view, mode.network(network), () -> mode.network(network));
        mend(network, view, mode.forwarding(network), () -> mode.forwarding(network));
        var aliases = view.aliases();
        for (var endpoint : registry.endpointsOf(network.id())) {
            var alias = LinkNames.endpointAlias(endpoint.id());
            if (endpoint.joined()) {
                mend(network, view, mode.attachment(network, endpoint), () -> mode.restoration(network, endpoint));
            } else if (aliases.contains(alias)) {
                removeLeft(network, alias);
            }
        }
    }

    private void mend(NetworkRecord network, View view, Plan wanted, Supplier<Plan> mending) {
        var taken = new HashSet<Step>();
        var missing = missing(wanted, view);
        for (var step : missing) {
            sharedMac(step, network, view).ifPresent(shared -> {
                taken.add(step);
                tell(network, shared.sentence());
            });
        }
        if (taken.containsAll(missing)) {
            return;
        }
        try {
            repairs.addAll(mending.get().without(taken).applyTo(kernel));
        } catch (NetlinkException | LinkConflict failure) {
            tell(network, failure.getMessage());
        }
    }

    /// Once, however many it is the matter of.
    private void tell(NetworkRecord network, @Nullable String problem) {
        var sentence = "network " + network.title() + ": " + problem;
        if (!problems.contains(sentence)) {
            problems.add(sentence);
        }
    }

    /// The links of an endpoint that is known to have left, as a crash in the middle of a Leave leaves them.
    private void removeLeft(NetworkRecord network, String alias) {
        try {
            if (kernel.remove(alias) > 0) {
                removed.add(alias);
            }
        } catch (NetlinkException | LinkConflict failure) {
            tell(network, failure.getMessage());
        }
    }

    /// What has a link has its record before, and until the link is gone: it was on record before the view, or is
    /// afterwards.
    private Set<String> strangers(View view, Set<String> onRecordBefore) {
        var unknown = new HashSet<>(view.aliases());
        unknown.removeAll(onRecordBefore);
        unknown.removeAll(aliasesOnRecord());
        return unknown;
    }

    private Set<String> aliasesOnRecord() {
        var aliases = new HashSet<String>();
        for (var network : registry.networks()) {
            aliases.add(LinkNames.networkAlias(network.id()));
            aliases.add(LinkNames.hostAlias(network.id()));
        }
        registry.endpoints().forEach(endpoint -> aliases.add(LinkNames.endpointAlias(endpoint.id())));
        return aliases;
    }

    /// Puts on record what the links of joined endpoints are called in their sandboxes, where that is not known yet: a
    /// link that has to be restored gets its name again. The engine gives it that a moment after it has moved it.
    void learnNames() {
        var seen = new ArrayList<EndpointRecord>();
        for (var endpoint : registry.endpoints()) {
            if (endpoint.interfaceName() == null) {
                nameOf(endpoint).ifPresent(name -> seen.add(endpoint.seenAs(name)));
            }
        }
        for (var endpoint : seen) {
            locks.in(endpoint.networkId(), () -> {
                registry.endpoint(endpoint.id())
                        .filter(current -> current.equals(endpoint.seenAs(null)))
                        .ifPresent(current -> registry.commit(List.of(Change.put(endpoint))));
                return endpoint;
            });
        }
    }

    private Optional<String> nameOf(EndpointRecord endpoint) {
        var sandbox = endpoint.sandbox();
        return sandbox == null
                ? Optional.empty()
                : kernel.nameInSandbox(sandbox, LinkNames.endpointAlias(endpoint.id()), endpoint.mac())
                        .filter(name -> !name.equals(LinkNames.containerEnd(endpoint.id())));
    }
}
