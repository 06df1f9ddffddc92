package dev.weft.engine;

import dev.weft.engine.ContainerDetails.RestartPolicy;
import dev.weft.engine.EngineInfo.SwarmNode;
import dev.weft.inet.AddressText;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.json.JsonObject;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Between the API's JSON and the records: every JSON name of the API stands here, once. Source: moby, `api/types`, and
/// recorded answers of engines 20.10, 26.1 and 28.5.
final class EngineJson {
    /// Go's zero time: never.
    private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");
    /// How Go writes an address that is not there; engine 20.10 does, for an IPv6 pool without a gateway.
    private static final String NO_ADDRESS = "<nil>";
    /// Keys of endpoints that are in no sandbox.
    private static final String NO_SANDBOX = "ep-";

    private EngineJson() {}

    static EngineInfo info(JsonObject info) {
        var swarm = info.object("Swarm");
        return new EngineInfo(
                info.string("ID"),
                text(info, "Name"),
                info.string("ServerVersion"),
                info.flag("LiveRestoreEnabled", false),
                new SwarmNode(
                        Objects.requireNonNullElse(swarm.optionalString("LocalNodeState"), "inactive"),
                        text(swarm, "NodeID"),
                        swarm.flag("ControlAvailable", false)));
    }

    static Network network(JsonObject network) {
        return new Network(
                network.string("Id"),
                network.string("Name"),
                network.string("Driver"),
                network.string("Scope"),
                network.flag("Internal", false),
                network.flag("EnableIPv6", false),
                ipam(network.object("IPAM")),
                strings(network, "Options"),
                strings(network, "Labels"));
    }

    private static Ipam ipam(JsonObject ipam) {
        return new Ipam(
                Objects.requireNonNullElse(ipam.optionalString("Driver"), Ipam.DEFAULT.driver()),
                strings(ipam, "Options"),
                ipam.objects("Config").stream().map(EngineJson::pool).toList());
    }

    /// Engine 20.10 takes and tells subnets with host bits.
    private static Ipam.Pool pool(JsonObject pool) {
        boolean none = NO_ADDRESS.equals(pool.optionalString("Gateway"));
        return new Ipam.Pool(
                pool.required("Subnet", text -> Cidr.parse(text).subnet()),
                pool.optional("IPRange", text -> Cidr.parse(text).subnet()),
                none ? null : pool.optional("Gateway", EngineJson::address),
                pool.map("AuxiliaryAddresses", EngineJson::address));
    }

    /// Engine 20.10 tells the gateway of an IPv6 pool that it chose with the prefix length behind it.
    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text.replaceFirst("/.*", ""));
    }

    static NetworkDetails networkDetails(JsonObject network) {
        var containers = network.object("Containers");
        return new NetworkDetails(
                network(network),
                containers.values().keySet().stream()
                        .map(key -> attached(key, containers.object(key)))
                        .toList());
    }

    private static NetworkDetails.Attached attached(String key, JsonObject endpoint) {
        return new NetworkDetails.Attached(
                endpoint.string("EndpointID"),
                key.startsWith(NO_SANDBOX) ? null : key,
                text(endpoint, "Name"),
                endpoint.optional("IPv4Address", Cidr::parse),
                endpoint.optional("IPv6Address", Cidr::parse),
                endpoint.optional("MacAddress", MacAddress::parse));
    }

    static Container container(JsonObject container) {
        return new Container(
                container.string("Id"),
                container.strings("Names").stream()
                        .map(EngineJson::withoutSlash)
                        .toList(),
                container.string("State"),
                text(container, "Status"),
                strings(container, "Labels"),
                attachments(container));
    }

    static ContainerDetails containerDetails(JsonObject container) {
        var state = container.object("State");
        var policy = container.object("HostConfig").object("RestartPolicy");
        return new ContainerDetails(
                container.string("Id"),
                withoutSlash(container.string("Name")),
                state.string("Status"),
                state.number("ExitCode", Integer.MIN_VALUE, 0xffff_ffffL),
                text(state, "Error"),
                instant(state, "StartedAt"),
                instant(state, "FinishedAt"),
                container.number("RestartCount", Integer.MAX_VALUE),
                new RestartPolicy(
                        Objects.requireNonNullElse(policy.optionalString("Name"), "no"),
                        policy.number("MaximumRetryCount", Integer.MAX_VALUE)),
                strings(container.object("Config"), "Labels"),
                container.object("NetworkSettings").optionalString("SandboxKey"),
                attachments(container));
    }

    private static String withoutSlash(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private static @Nullable Instant instant(JsonObject object, String name) {
        var instant = object.optional(name, text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeException noTime) {
                throw new IllegalArgumentException("'" + text + "' is not a time", noTime);
            }
        });
        return NEVER.equals(instant) ? null : instant;
    }

    private static Map<String, Attachment> attachments(JsonObject container) {
        var networks = container.object("NetworkSettings").object("Networks");
        var attachments = new LinkedHashMap<String, Attachment>();
        networks.values().keySet().forEach(name -> attachments.put(name, attachment(networks.object(name))));
        return attachments;
    }

    private static Attachment attachment(JsonObject endpoint) {
        return new Attachment(
                endpoint.optionalString("NetworkID"),
                endpoint.optionalString("EndpointID"),
                endpoint.optional("IPAddress", InetAddress::ofLiteral),
                endpoint.optional("GlobalIPv6Address", InetAddress::ofLiteral),
                endpoint.optional("MacAddress", MacAddress::parse),
                endpoint.strings("Aliases"),
                strings(endpoint, "DriverOpts"));
    }

    static EngineEvent event(JsonObject event) {
        var actor = event.object("Actor");
        return new EngineEvent(
                event.string("Type"), event.string("Action"), text(actor, "ID"), strings(actor, "Attributes"));
    }

    static Map<String, Object> create(NetworkSpec spec) {
        var body = new LinkedHashMap<String, Object>();
        body.put("Name", spec.name());
        body.put("CheckDuplicate", true); // what engines do anyway from 25.0 on
        body.put("Driver", spec.driver());
        body.put("Internal", spec.internal());
        body.put("EnableIPv6", spec.ipv6());
        var ipam = new LinkedHashMap<String, Object>();
        ipam.put("Driver", spec.ipam().driver());
        ipam.put("Options", spec.ipam().options());
        ipam.put("Config", spec.ipam().pools().stream().map(EngineJson::create).toList());
        body.put("IPAM", ipam);
        body.put("Options", spec.options());
        body.put("Labels", spec.labels());
        return body;
    }

    private static Map<String, Object> create(Ipam.Pool pool) {
        var body = new LinkedHashMap<String, Object>();
        body.put("Subnet", pool.subnet().toString());
        Subnet range = pool.range();
        if (range != null) {
            body.put("IPRange", range.toString());
        }
        InetAddress gateway = pool.gateway();
        if (gateway != null) {
            body.put("Gateway", AddressText.of(gateway));
        }
        var auxiliary = new LinkedHashMap<String, Object>();
        pool.auxiliaryAddresses().forEach((name, address) -> auxiliary.put(name, AddressText.of(address)));
        body.put("AuxiliaryAddresses", auxiliary);
        return body;
    }

    static String created(JsonObject network) {
        return network.string("Id");
    }

    private static String text(JsonObject object, String name) {
        return Objects.requireNonNullElse(object.optionalString(name), "");
    }

    private static Map<String, String> strings(JsonObject object, String name) {
        return object.map(name, Function.identity());
    }

    /// The engine's own sentence in a refusal; null if an engine does not refuse so.
    static @Nullable String message(JsonObject refusal) {
        return refusal.optionalString("message");
    }

    static ServerVersion version(JsonObject version) {
        var newest = version.required("ApiVersion", ApiVersion::parse);
        return new ServerVersion(
                text(version, "Version"),
                Objects.requireNonNullElse(version.optional("MinAPIVersion", ApiVersion::parse), newest),
                newest);
    }

    /// Which versions of the API an engine has.
    ///
    /// @param engine its own, for people
    record ServerVersion(String engine, ApiVersion oldest, ApiVersion newest) {}
}
