package dev.weft.agent;

import dev.weft.inet.Cidr;
import dev.weft.ipam.WeftIpam;
import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.AddressSpaces;
import dev.weft.plugin.Capabilities;
import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.GatewayAllocCheckReply;
import dev.weft.plugin.GatewayAllocCheckRequest;
import dev.weft.plugin.IpamDriver;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.PoolReply;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.Refusal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Stands before the drivers while they start: calls wait a little, and are refused with the reason if they cannot
/// work.
///
/// So the socket is served from the agent's first moment, and the engine never hangs because the agent is not ready.
final class Gate implements NetworkDriver, IpamDriver {
    /// Longer than a start on a busy machine takes, shorter than anybody waits for `docker run`.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private record Drivers(NetworkDriver networks, WeftIpam addresses) {}

    private final CompletableFuture<Drivers> drivers = new CompletableFuture<>();

    private final Capabilities capabilities;

    private volatile String reason = "";

    /// @param capabilities of the network driver
    Gate(Capabilities capabilities) {
        this.capabilities = capabilities;
    }

    void open(NetworkDriver networks, WeftIpam addresses) {
        drivers.complete(new Drivers(networks, addresses));
    }

    /// From now on every call is refused with this sentence.
    void shut(String sentence) {
        reason = sentence;
        drivers.cancel(false);
    }

    private NetworkDriver driver() {
        return drivers().networks();
    }

    private WeftIpam ipam() {
        return drivers().addresses();
    }

    private Drivers drivers() {
        try {
            return drivers.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (CancellationException | ExecutionException isShut) {
            throw new Refusal(reason);
        } catch (TimeoutException slow) {
            throw new Refusal("the Weft agent is still starting; try again, and look at its log if this goes on.");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new Refusal("the Weft agent is stopping; try again.");
        }
    }

    /// At once: an engine that activates the plugin shall not wait, and they are the same whatever the driver's state.
    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public GatewayAllocCheckReply gatewayAllocCheck(GatewayAllocCheckRequest request) {
        return driver().gatewayAllocCheck(request);
    }

    @Override
    public void createNetwork(CreateNetworkRequest request) {
        driver().createNetwork(request);
    }

    @Override
    public void deleteNetwork(String networkId) {
        driver().deleteNetwork(networkId);
    }

    @Override
    public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
        return driver().createEndpoint(request);
    }

    @Override
    public void deleteEndpoint(EndpointKey endpoint) {
        driver().deleteEndpoint(endpoint);
    }

    @Override
    public JoinReply join(JoinRequest request) {
        return driver().join(request);
    }

    @Override
    public void leave(EndpointKey endpoint) {
        driver().leave(endpoint);
    }

    @Override
    public Map<String, Object> endpointOperInfo(EndpointKey endpoint) {
        return driver().endpointOperInfo(endpoint);
    }

    /// The same always, ready or not: 20.10 asks once, when it first uses the plugin.
    @Override
    public AddressSpaces defaultAddressSpaces() {
        return WeftIpam.SPACES;
    }

    @Override
    public PoolReply requestPool(PoolRequest request) {
        return ipam().requestPool(request);
    }

    @Override
    public void releasePool(String poolId) {
        ipam().releasePool(poolId);
    }

    @Override
    public Cidr requestAddress(AddressRequest request) {
        return ipam().requestAddress(request);
    }

    @Override
    public void releaseAddress(AddressKey address) {
        ipam().releaseAddress(address);
    }
}
