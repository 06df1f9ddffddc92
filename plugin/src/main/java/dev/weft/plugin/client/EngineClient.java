package dev.weft.plugin.client;

import static dev.weft.plugin.wire.Nothing.NOTHING;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.inet.Cidr;
import dev.weft.json.Json;
import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.AddressSpaces;
import dev.weft.plugin.AllocateNetworkRequest;
import dev.weft.plugin.Capabilities;
import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.Discovery;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.ExternalConnectivityRequest;
import dev.weft.plugin.GatewayAllocCheckReply;
import dev.weft.plugin.GatewayAllocCheckRequest;
import dev.weft.plugin.IpamCapabilities;
import dev.weft.plugin.IpamDriver;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.PoolReply;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.client.CallFailed.Kind;
import dev.weft.plugin.client.PluginAddress.Tcp;
import dev.weft.plugin.client.PluginAddress.Tls;
import dev.weft.plugin.client.PluginAddress.Unix;
import dev.weft.plugin.wire.Call;
import dev.weft.plugin.wire.Nothing;
import dev.weft.plugin.wire.Protocol;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A plugin, called as the engine calls it: the same bytes, the same repeats. What a method of the drivers says of its
/// arguments holds here too; each throws [CallFailed] where the engine would have an error.
///
/// A call has no time limit, as the engine sets none. A connection that could not be opened, or that died after the
/// request was written, is followed by repeats after 1, 2, 4 and 8 s; in the second case they have no body, which is
/// what engines do. An answer is never repeated, whatever its status. Any thread may call; calls run in parallel.
public final class EngineClient implements NetworkDriver, IpamDriver, AutoCloseable {
    private static final String ACCEPT = "application/vnd.docker.plugins.v1.2+json";
    private static final List<Duration> REPEATS =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));

    private final EngineVersion engine;
    private final PluginAddress address;
    private final Exchange exchange;
    private final Pauses pauses;
    /// Their endpoints are created without ports, which the record of the request does not tell.
    private final Set<String> internalNetworks = ConcurrentHashMap.newKeySet();

    EngineClient(EngineVersion engine, PluginAddress address, Exchange exchange, Pauses pauses) {
        this.engine = engine;
        this.address = address;
        this.exchange = exchange;
        this.pauses = pauses;
    }

    /// Does not connect yet.
    public static EngineClient of(EngineVersion engine, PluginAddress address) {
        return of(engine, address, Pauses.REAL);
    }

    /// Does not connect yet.
    ///
    /// @param pauses in place of the time that an engine lets pass before it repeats a call
    public static EngineClient of(EngineVersion engine, PluginAddress address, Pauses pauses) {
        return new EngineClient(engine, address, HttpExchange.to(address), pauses);
    }

    /// Looks in [PluginFolders#DEFAULT].
    ///
    /// @throws CallFailed if there is no such plugin, 15 s later, or its file is of no use
    public static EngineClient discover(EngineVersion engine, String name) {
        return discover(engine, name, PluginFolders.DEFAULT);
    }

    /// Looks at once, and after 1, 2, 4 and 8 s more, as engines do.
    ///
    /// @param name what `docker network create -d` names
    /// @throws CallFailed if there is no such plugin, or its file is of no use
    public static EngineClient discover(EngineVersion engine, String name, PluginFolders folders) {
        return discover(engine, name, folders, Pauses.REAL);
    }

    static EngineClient discover(EngineVersion engine, String name, PluginFolders folders, Pauses pauses) {
        for (int repeats = 0; ; repeats++) {
            try {
                var found = folders.find(name);
                if (found.isPresent()) {
                    return new EngineClient(engine, found.get(), HttpExchange.to(found.get()), pauses);
                }
            } catch (IOException unusable) {
                throw CallFailed.unanswered(Kind.NOT_FOUND, String.valueOf(unusable.getMessage()), unusable);
            }
            if (repeats == REPEATS.size()) {
                throw new CallFailed(Kind.NOT_FOUND, 0, "", "plugin \"" + name + "\" not found");
            }
            pause(pauses, REPEATS.get(repeats));
        }
    }

    EngineVersion engine() {
        return engine;
    }

    /// `Plugin.Activate`.
    ///
    /// @return the roles that the plugin has: `NetworkDriver`, `IpamDriver`
    public List<String> activate() {
        return call(Protocol.ACTIVATE, NOTHING);
    }

    @Override
    public Capabilities capabilities() {
        return call(Protocol.GET_CAPABILITIES, NOTHING);
    }

    @Override
    public Map<String, String> allocateNetwork(AllocateNetworkRequest request) {
        return call(Protocol.ALLOCATE_NETWORK, request);
    }

    @Override
    public void freeNetwork(String networkId) {
        command(Protocol.FREE_NETWORK, networkId);
    }

    @Override
    public GatewayAllocCheckReply gatewayAllocCheck(GatewayAllocCheckRequest request) {
        return call(Protocol.GW_ALLOC_CHECK, request);
    }

    @Override
    public void createNetwork(CreateNetworkRequest request) {
        if (request.internal()) {
            internalNetworks.add(request.networkId());
        }
        command(Protocol.CREATE_NETWORK, request);
    }

    @Override
    public void deleteNetwork(String networkId) {
        internalNetworks.remove(networkId);
        command(Protocol.DELETE_NETWORK, networkId);
    }

    @Override
    public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
        return call(Protocol.CREATE_ENDPOINT, request);
    }

    @Override
    public void deleteEndpoint(EndpointKey endpoint) {
        command(Protocol.DELETE_ENDPOINT, endpoint);
    }

    @Override
    public JoinReply join(JoinRequest request) {
        return call(Protocol.JOIN, request);
    }

    @Override
    public void leave(EndpointKey endpoint) {
        command(Protocol.LEAVE, endpoint);
    }

    @Override
    public Map<String, Object> endpointOperInfo(EndpointKey endpoint) {
        return call(Protocol.ENDPOINT_OPER_INFO, endpoint);
    }

    @Override
    public void programExternalConnectivity(ExternalConnectivityRequest request) {
        command(Protocol.PROGRAM_EXTERNAL_CONNECTIVITY, request);
    }

    @Override
    public void revokeExternalConnectivity(EndpointKey endpoint) {
        command(Protocol.REVOKE_EXTERNAL_CONNECTIVITY, endpoint);
    }

    @Override
    public void discoverNew(Discovery discovery) {
        command(Protocol.DISCOVER_NEW, discovery);
    }

    @Override
    public void discoverDelete(Discovery discovery) {
        command(Protocol.DISCOVER_DELETE, discovery);
    }

    @Override
    public IpamCapabilities ipamCapabilities() {
        return call(Protocol.GET_IPAM_CAPABILITIES, NOTHING);
    }

    @Override
    public AddressSpaces defaultAddressSpaces() {
        return call(Protocol.GET_DEFAULT_ADDRESS_SPACES, NOTHING);
    }

    @Override
    public PoolReply requestPool(PoolRequest request) {
        return call(Protocol.REQUEST_POOL, request);
    }

    @Override
    public void releasePool(String poolId) {
        command(Protocol.RELEASE_POOL, poolId);
    }

    @Override
    public Cidr requestAddress(AddressRequest request) {
        return call(Protocol.REQUEST_ADDRESS, request);
    }

    @Override
    public void releaseAddress(AddressKey key) {
        command(Protocol.RELEASE_ADDRESS, key);
    }

    /// Sends a body of the caller's choice, to see what the plugin makes of it: empty, as a repeat has it, or nonsense.
    ///
    /// @param path such as `/NetworkDriver.Join`
    /// @return the answer's body
    /// @throws CallFailed also if the answer is a refusal
    public String post(String path, String body) {
        var answer = send(path, body.getBytes(UTF_8));
        new Answers(engine).check(path, answer);
        return answer.body();
    }

    private <Q> void command(Call<Q, Nothing> call, Q request) {
        call(call, request);
    }

    <Q, A> A call(Call<Q, A> call, Q request) {
        var body = call.hasBody() ? Json.write(fields(call, request)) + "\n" : "";
        return new Answers(engine).read(call, send(call.path(), body.getBytes(UTF_8)));
    }

    private <Q> Map<String, Object> fields(Call<Q, ?> call, Q request) {
        var fields = engine.asWritten(call, call.request().write().apply(request));
        return request instanceof CreateEndpointRequest create
                        && internalNetworks.contains(create.endpoint().networkId())
                ? EngineVersion.withoutPorts(fields)
                : fields;
    }

    private Exchange.Answer send(String path, byte[] body) {
        var unsent = body;
        for (int repeats = 0; ; repeats++) {
            try {
                return exchange.post(path, headers(unsent), unsent);
            } catch (Exchange.Failure failure) {
                if (repeats == REPEATS.size()) {
                    throw CallFailed.unanswered(
                            failure.written() ? Kind.DIED : Kind.UNREACHABLE,
                            "Post \"" + url() + path + "\": " + failure.getMessage(),
                            failure);
                }
                if (failure.written()) {
                    unsent = new byte[0];
                }
                pause(pauses, REPEATS.get(repeats));
            }
        }
    }

    private static void pause(Pauses pauses, Duration duration) {
        try {
            pauses.pause(duration);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw CallFailed.unanswered(Kind.UNREACHABLE, "interrupted while waiting for the plugin", interrupted);
        }
    }

    /// In the order in which Go writes them.
    private Map<String, String> headers(byte[] body) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Host", host());
        headers.put("User-Agent", "Go-http-client/1.1");
        headers.put("Content-Length", String.valueOf(body.length));
        headers.put("Accept", ACCEPT);
        if (!(address instanceof Unix)) {
            headers.put("Accept-Encoding", "gzip");
        }
        return headers;
    }

    private String host() {
        return switch (address) {
            case Unix _ -> engine.hostOnUnixSockets();
            case Tcp(var host, var port) -> hostAndPort(host, port);
            case Tls(var host, var port, var _) -> hostAndPort(host, port);
        };
    }

    private static String hostAndPort(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /// As errors show it.
    private String url() {
        return switch (address) {
            case Unix(var socket)
            when engine.hostOnUnixSockets().isEmpty() -> "http://" + URLEncoder.encode(socket.toString(), UTF_8);
            case Unix _, Tcp _ -> "http://" + host();
            case Tls _ -> "https://" + host();
        };
    }

    /// Closes the connections; calls in flight and later ones throw IllegalStateException.
    @Override
    public void close() {
        exchange.close();
    }
}
