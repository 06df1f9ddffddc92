package dev.weft.drivers.mode;

import dev.weft.drivers.plan.Plan;
import dev.weft.inet.MacAddress;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.GatewayAllocCheckReply;
import dev.weft.plugin.GatewayAllocCheckRequest;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.Refusal;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// Decides what networks of one mode and their endpoints are made of; changes nothing itself. Any thread may call.
public interface Mode {
    /// Value of `-o mode=`.
    String name();

    /// Checks the request and turns it into the record of the network.
    ///
    /// @throws Refusal naming every mistake in the options
    NetworkRecord record(CreateNetworkRequest request);

    /// Whether the network can be beside the others of this host.
    ///
    /// @throws Refusal naming the one that is in its way
    void checkBeside(NetworkRecord network, Collection<NetworkRecord> others);

    /// What the person who made the network may not expect of it; empty if it is as anybody would.
    Optional<String> remark(NetworkRecord network);

    /// Whether the engine need not take an address for a gateway.
    GatewayAllocCheckReply gatewayCheck(GatewayAllocCheckRequest request);

    /// @throws Refusal naming every mistake in the options
    void checkEndpoint(Map<String, String> options);

    /// What the person who started a container may not expect of its endpoint; empty if it is as anybody would.
    Optional<String> remark(NetworkRecord network, EndpointOptions options);

    /// The MAC address that all endpoints of the network have; empty where each has one of its own.
    Optional<MacAddress> sharedMac(NetworkRecord network);

    /// How its endpoints are on a LAN; empty where there are no others.
    Optional<Presence> presence(NetworkRecord network);

    /// The network's part: on this host as long as the network is recorded. What two networks have the same stays until
    /// both are gone.
    Plan network(NetworkRecord network);

    /// How the network goes on beyond this host, after its own part: what changes whenever something does on another
    /// host.
    Plan forwarding(NetworkRecord network);

    /// The network's part when it is made, and with it what can be made only where endpoints can, and harm nobody:
    /// whoever makes the network hears of what is in the way.
    ///
    /// @param others networks of this host
    Plan creation(NetworkRecord network, Collection<NetworkRecord> others);

    /// What of the creation is not the network's: undone when that is done.
    Plan trial(NetworkRecord network);

    /// What a Join makes beside the network's part.
    Plan endpoint(NetworkRecord network, EndpointRecord endpoint);

    /// What there is of a joined endpoint when the engine has moved its link into the sandbox.
    Plan attachment(NetworkRecord network, EndpointRecord endpoint);

    /// The link of a joined endpoint anew, for when somebody has removed it; empty if it has not joined.
    Plan restoration(NetworkRecord network, EndpointRecord endpoint);

    /// Whatever a Join, or mending, may have made of an endpoint: to be undone.
    Plan traces(NetworkRecord network, EndpointRecord endpoint);

    /// Tells the engine which link to move, and what routes go with it.
    JoinReply reply(NetworkRecord network, EndpointRecord endpoint);

    /// What people look at to see an endpoint in the kernel, as pairs of a name and a value.
    Map<String, Object> operInfo(EndpointRecord endpoint);
}
