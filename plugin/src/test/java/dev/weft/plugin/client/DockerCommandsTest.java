package dev.weft.plugin.client;

import static dev.weft.plugin.client.EngineVersion.V20_10;
import static dev.weft.plugin.client.EngineVersion.V26_1;
import static dev.weft.plugin.client.EngineVersion.V28_5;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.client.NetworkSettings.Ipam;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The calls of each command, as real engines made them: the numbers are those of the recordings.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DockerCommandsTest {
    private static final String REFUSAL = "{\"Err\":\"injected\",\"Error\":\"injected\"}";

    /// A plugin that answers as the recorder did, unless told otherwise, and keeps what it was asked.
    private static final class Recorder implements Exchange {
        final List<String> calls = new ArrayList<>();
        final List<String> bodies = new ArrayList<>();
        final Map<String, String> replies = new HashMap<>();
        int status = 200;
        private int given = 1;

        @Override
        public synchronized Answer post(String path, Map<String, String> headers, byte[] body) {
            var call = path.replace("/NetworkDriver.", "")
                    .replace("/IpamDriver.", "I.")
                    .replace("/Plugin.", "");
            var text = new String(body, UTF_8);
            calls.add(call);
            bodies.add(text);
            var reply = replies.get(call);
            return reply == null ? new Answer(200, reply(call, text)) : new Answer(status, reply);
        }

        private String reply(String call, String body) {
            return switch (call) {
                case "Activate" -> "{\"Implements\":[\"NetworkDriver\",\"IpamDriver\"]}";
                case "GetCapabilities" -> "{\"Scope\":\"local\",\"ConnectivityScope\":\"local\"}";
                case "I.GetDefaultAddressSpaces" ->
                    "{\"LocalDefaultAddressSpace\":\"recLocal\",\"GlobalDefaultAddressSpace\":\"recGlobal\"}";
                case "I.RequestPool" ->
                    body.contains("\"V6\":true")
                            ? "{\"PoolID\":\"p6\",\"Pool\":\"fd61::/64\"}"
                            : "{\"PoolID\":\"p4\",\"Pool\":\"10.72.0.0/24\"}";
                case "I.RequestAddress" ->
                    body.contains("p6")
                            ? "{\"Address\":\"fd61::" + given++ + "/64\"}"
                            : "{\"Address\":\"10.72.0." + given++ + "/24\"}";
                case "Join" ->
                    "{\"InterfaceName\":{\"SrcName\":\"v\",\"DstPrefix\":\"eth\"},\"Gateway\":\"10.72.0.1\"}";
                case "EndpointOperInfo" -> "{\"Value\":{}}";
                default -> "{}";
            };
        }

        @Override
        public void close() {}

        /// Since the last time.
        List<String> taken() {
            var all = List.copyOf(calls);
            calls.clear();
            bodies.clear();
            return all;
        }
    }

    private final Recorder plugin = new Recorder();

    private DockerCommands docker(EngineVersion engine) {
        var address = new PluginAddress.Unix(Path.of("/run/docker/plugins/rec.sock"));
        var client = new EngineClient(engine, address, plugin, duration -> {
            throw new AssertionError("nothing is to be repeated");
        });
        return new DockerCommands(client, LinkMoves.NONE, new Random(1));
    }

    private static NetworkSettings n1() {
        return NetworkSettings.named("n1").withSubnet("10.72.0.0/24");
    }

    private static NetworkSettings ownIpam() {
        return n1().withIpam(Ipam.PLUGIN);
    }

    private static CommandFailed failure(Runnable command) {
        return catchThrowableOfType(CommandFailed.class, command::run);
    }

    /// 01 and 23.
    @Test
    void the_first_use_activates() {
        docker(V20_10).networkCreate(n1());
        assertThat(plugin.taken())
                .containsExactly(
                        "Activate",
                        "GetCapabilities",
                        "I.GetCapabilities",
                        "I.GetDefaultAddressSpaces",
                        "CreateNetwork");
        var docker = docker(V28_5);
        docker.networkCreate(n1());
        assertThat(plugin.taken()).containsExactly("Activate", "GetCapabilities", "I.GetCapabilities", "CreateNetwork");
        docker.networkCreate(NetworkSettings.named("n2"));
        assertThat(plugin.taken()).containsExactly("CreateNetwork");
    }

    /// 37.
    @Test
    void a_failed_activation_is_forgotten_but_an_answer_without_roles_is_kept() {
        var docker = docker(V28_5);
        plugin.status = 500;
        plugin.replies.put("Activate", "injected 500");
        assertThat(failure(() -> docker.networkCreate(n1())))
                .hasMessage("legacy plugin: Plugin.Activate: injected 500");
        plugin.status = 200;
        plugin.replies.put("Activate", REFUSAL);
        for (int i = 0; i < 2; i++) {
            assertThat(failure(() -> docker.networkCreate(n1())))
                    .hasMessage("legacy plugin: Plugin does not implement the requested driver");
        }
        assertThat(plugin.taken()).containsExactly("Activate", "Activate");
    }

    /// 03: the first address of an `--ip-range` is its own.
    @Test
    void a_network_with_Dockers_own_addresses() {
        var docker = docker(V28_5);
        var pool = PoolSettings.of("10.50.0.0/16")
                .withGateway("10.50.0.254")
                .withIpRange("10.50.8.0/24")
                .withAuxAddress("r1", "10.50.8.1")
                .withAuxAddress("r2", "10.50.8.2");
        var network = docker.networkCreate(NetworkSettings.named("n1").withPool(pool));
        assertThat(plugin.bodies.getLast())
                .isEqualTo("{\"NetworkID\":\"" + network.id()
                        + "\",\"Options\":{\"com.docker.network.enable_ipv4\":true,\"com.docker.network.enable_ipv6\":"
                        + "false,\"com.docker.network.generic\":{}},\"IPv4Data\":[{\"AddressSpace\":\"LocalDefault\","
                        + "\"AuxAddresses\":{\"r1\":\"10.50.8.1/16\",\"r2\":\"10.50.8.2/16\"},\"Gateway\":"
                        + "\"10.50.0.254/16\",\"Pool\":\"10.50.0.0/16\"}],\"IPv6Data\":[]}\n");
        assertThat(network.id()).matches("[0-9a-f]{64}");
        plugin.taken();
        plugin.replies.put("Join", "{}");
        docker.run("c1", network);
        assertThat(plugin.bodies.get(0)).contains("\"Interface\":{\"Address\":\"10.50.8.0/16\",");
        assertThat(plugin.bodies.get(1)).containsPattern("\"SandboxKey\":\"/var/run/docker/netns/[0-9a-f]{12}\"");
        assertThat(failure(
                        () -> docker.networkCreate(NetworkSettings.named("n3").withSubnet("10.50.4.0/24"))))
                .hasMessage("invalid pool request: Pool overlaps with other one on this address space");
        assertThat(failure(() -> docker.networkCreate(n1()))).hasMessage("network with name n1 already exists");
    }

    /// 02 and 04.
    @Test
    void default_pools_and_IPv6() {
        var docker = docker(V28_5);
        docker.networkCreate(NetworkSettings.named("a"));
        assertThat(plugin.bodies.getLast())
                .contains("\"IPv4Data\":[{\"AddressSpace\":\"LocalDefault\",\"Gateway\":\"172.18.0.1/16\"");
        docker.networkCreate(NetworkSettings.named("b").withoutIpv4().withIpv6().withSubnet("fd55::/64"));
        assertThat(plugin.bodies.getLast())
                .contains("enable_ipv4\":false")
                .contains(
                        "\"IPv4Data\":[],\"IPv6Data\":[{\"AddressSpace\":\"LocalDefault\",\"Gateway\":\"fd55::1/64\"");
        var old = docker(V20_10);
        assertThat(failure(() -> old.networkCreate(NetworkSettings.named("c").withIpv6())))
                .hasMessage("could not find an available, non-overlapping IPv6 address pool among the defaults to "
                        + "assign to the network");
        assertThat(failure(() -> old.networkCreate(NetworkSettings.named("d").withoutIpv4())))
                .hasMessage("unknown flag: --ipv4");
    }

    /// 07.
    @Test
    void a_network_with_the_plugins_addresses() {
        var docker = docker(V28_5);
        var pool = PoolSettings.of("10.72.0.0/24").withAuxAddress("r1", "10.72.0.9");
        var network = docker.networkCreate(NetworkSettings.named("n2")
                .withPool(pool)
                .withPool(PoolSettings.of("fd61::/64"))
                .withIpv6()
                .withIpam(Ipam.PLUGIN)
                .withIpamOption("x", "y"));
        assertThat(plugin.bodies.get(5))
                .isEqualTo("{\"AddressSpace\":\"recLocal\",\"Pool\":\"10.72.0.0/24\",\"SubPool\":\"\",\"Options\":"
                        + "{\"x\":\"y\"},\"V6\":false}\n");
        assertThat(plugin.bodies.get(6))
                .isEqualTo("{\"PoolID\":\"p4\",\"Address\":\"\",\"Options\":{\"RequestAddressType\":"
                        + "\"com.docker.network.gateway\"}}\n");
        assertThat(plugin.bodies.get(7)).isEqualTo("{\"PoolID\":\"p4\",\"Address\":\"10.72.0.9\",\"Options\":null}\n");
        assertThat(plugin.taken())
                .containsExactly(
                        "Activate",
                        "GetCapabilities",
                        "I.GetCapabilities",
                        "I.GetDefaultAddressSpaces",
                        "I.GetDefaultAddressSpaces",
                        "I.RequestPool",
                        "I.RequestAddress",
                        "I.RequestAddress",
                        "I.GetDefaultAddressSpaces",
                        "I.RequestPool",
                        "I.RequestAddress",
                        "CreateNetwork");
        docker.networkRemove(network);
        assertThat(plugin.taken())
                .containsExactly(
                        "I.ReleaseAddress",
                        "I.ReleaseAddress",
                        "I.ReleasePool",
                        "I.ReleaseAddress",
                        "I.ReleasePool",
                        "DeleteNetwork");
        assertThat(failure(() -> docker.networkRemove(network))).hasMessage("network n2 not found");
        docker(V26_1).networkCreate(ownIpam());
        assertThat(plugin.taken())
                .filteredOn("I.GetDefaultAddressSpaces"::equals)
                .hasSize(1);
    }

    /// 07: `--ipam-driver null`, and facts 11: the driver gives the address then.
    @Test
    void a_network_without_addresses() {
        var docker = docker(V28_5);
        var network = docker.networkCreate(NetworkSettings.named("n5").withIpam(Ipam.NONE));
        assertThat(plugin.bodies.getLast())
                .contains("\"IPv4Data\":[{\"AddressSpace\":\"null\",\"Pool\":\"0.0.0.0/0\"}]");
        plugin.taken();
        plugin.replies.put("CreateEndpoint", "{\"Interface\":{\"Address\":\"10.9.0.2/24\"}}");
        plugin.replies.put("Join", "{}");
        var container = docker.run("c1", network);
        assertThat(container.endpoints())
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint.address()).hasToString("10.9.0.2/24"));
        docker.stop(container);
        docker.networkRemove(network);
        assertThat(plugin.taken())
                .containsExactly(
                        "CreateEndpoint", "Join", "EndpointOperInfo", "Leave", "DeleteEndpoint", "DeleteNetwork");
    }

    /// 07 (`-d bridge --ipam-driver rec`) and 23.
    @Test
    void a_plugin_of_addresses_alone_serves_Dockers_own_bridge() {
        plugin.replies.put("Activate", "{\"Implements\":[\"IpamDriver\"]}");
        var docker = docker(V20_10);
        var network = docker.networkCreate(ownIpam());
        var container = docker.run("c1", network);
        docker.stop(container);
        docker.networkRemove(network);
        assertThat(plugin.taken())
                .containsExactly(
                        "Activate",
                        "I.GetCapabilities",
                        "I.GetDefaultAddressSpaces",
                        "I.RequestPool",
                        "I.RequestAddress",
                        "I.RequestAddress",
                        "I.ReleaseAddress",
                        "I.ReleaseAddress",
                        "I.ReleasePool");
    }

    /// 23.
    @Test
    void the_gateway_check_is_asked_by_28_5_alone_and_before_all_addresses() {
        plugin.replies.put("GetCapabilities", "{\"Scope\":\"local\",\"GwAllocChecker\":true}");
        plugin.replies.put("GwAllocCheck", "{\"SkipIPv4\":true}");
        docker(V20_10).networkCreate(ownIpam());
        assertThat(plugin.taken()).doesNotContain("GwAllocCheck");
        docker(V28_5).networkCreate(ownIpam());
        assertThat(plugin.taken().subList(3, 8))
                .containsExactly(
                        "GwAllocCheck",
                        "I.GetDefaultAddressSpaces",
                        "I.GetDefaultAddressSpaces",
                        "I.RequestPool",
                        "CreateNetwork");
    }

    /// 23: outside swarm mode.
    @Test
    void networks_of_global_drivers() {
        plugin.replies.put("GetCapabilities", "{\"Scope\":\"global\"}");
        var docker = docker(V20_10);
        assertThat(failure(() -> docker.networkCreate(NetworkSettings.named("g"))))
                .hasMessageStartingWith("This node is not a swarm manager.");
        assertThat(plugin.taken()).endsWith("CreateNetwork", "DeleteNetwork");
        docker(V28_5).networkCreate(NetworkSettings.named("g").withIpam(Ipam.PLUGIN));
        assertThat(plugin.bodies).anySatisfy(body -> assertThat(body).contains("\"AddressSpace\":\"recGlobal\""));
    }

    /// 08, 12 and 18.
    @Test
    void start_stop_and_restart() {
        var docker = docker(V28_5);
        var network = docker.networkCreate(ownIpam());
        plugin.taken();
        var container = docker.run("c1", network);
        assertThat(plugin.taken())
                .containsExactly(
                        "I.RequestAddress",
                        "CreateEndpoint",
                        "Join",
                        "ProgramExternalConnectivity",
                        "EndpointOperInfo");
        assertThat(failure(() -> docker.networkRemove(network)).getMessage())
                .matches("error while removing network: network n1 has active endpoints "
                        + "\\(name:\"c1\" id:\"[0-9a-f]{12}\"\\)");
        var first = container.endpoints().getFirst().key();
        docker.restart(container);
        assertThat(plugin.taken())
                .containsExactly(
                        "RevokeExternalConnectivity",
                        "Leave",
                        "DeleteEndpoint",
                        "I.ReleaseAddress",
                        "I.RequestAddress",
                        "CreateEndpoint",
                        "Join",
                        "ProgramExternalConnectivity",
                        "EndpointOperInfo");
        assertThat(container.endpoints().getFirst().key()).isNotEqualTo(first);
        docker.stop(container);
        docker.stop(container);
        assertThat(plugin.taken())
                .containsExactly("RevokeExternalConnectivity", "Leave", "DeleteEndpoint", "I.ReleaseAddress");
        assertThat(container.endpoints()).isEmpty();
    }

    /// 18 and 15.
    @Test
    void start_on_20_10_asks_for_facts_twice() {
        var docker = docker(V20_10);
        var network = docker.networkCreate(ownIpam());
        plugin.taken();
        docker.run("c1", network);
        assertThat(plugin.taken())
                .containsExactly(
                        "I.RequestAddress",
                        "CreateEndpoint",
                        "Join",
                        "ProgramExternalConnectivity",
                        "EndpointOperInfo",
                        "EndpointOperInfo");
        assertThat(failure(() -> docker.networkRemove(network)))
                .hasMessage("error while removing network: network n1 id " + network.id() + " has active endpoints");
    }

    /// 05: Revoke comes without Program.
    @Test
    void an_internal_network_is_no_way_out() {
        var docker = docker(V28_5);
        var network = docker.networkCreate(n1().internalOnly());
        plugin.taken();
        var container = docker.run("c1", network);
        assertThat(plugin.bodies.getFirst()).endsWith("\"Options\":{}}\n");
        docker.stop(container);
        assertThat(plugin.taken())
                .containsExactly(
                        "CreateEndpoint",
                        "Join",
                        "EndpointOperInfo",
                        "RevokeExternalConnectivity",
                        "Leave",
                        "DeleteEndpoint");
    }

    /// 83 and 19: with a second interface on docker_gwbridge 20.10 asks that one for its facts.
    @ParameterizedTest
    @CsvSource({
        "V20_10,{},CreateEndpoint Join",
        "V28_5,{},CreateEndpoint Join EndpointOperInfo",
        "V20_10,'{\"DisableGatewayService\":true}',CreateEndpoint Join EndpointOperInfo EndpointOperInfo",
    })
    void a_join_without_gateway(EngineVersion engine, String reply, String calls) {
        plugin.replies.put("Join", reply);
        var docker = docker(engine);
        var network = docker.networkCreate(n1());
        plugin.taken();
        var container = docker.run("c1", network);
        assertThat(plugin.taken()).containsExactly(calls.split(" "));
        docker.stop(container);
        assertThat(plugin.taken()).containsExactly("Leave", "DeleteEndpoint");
    }

    /// 10, down to which endpoint each call is about.
    @ParameterizedTest
    @EnumSource
    void connecting_and_disconnecting_moves_the_way_out(EngineVersion engine) {
        boolean old = engine != EngineVersion.V28_5;
        plugin.replies.put("Join", "{}");
        var docker = docker(engine);
        var n1 = docker.networkCreate(NetworkSettings.named("n1").withSubnet("10.53.0.0/24"));
        var n2 = docker.networkCreate(NetworkSettings.named("n2").withSubnet("10.54.0.0/24"));
        var container = docker.run("c1", docker.bridge());
        plugin.taken();
        plugin.replies.put("Join", "{\"Gateway\":\"10.53.0.1\"}");
        var options = new EndpointOptions(List.of(), List.of(), List.of(), Map.of("k", "v"), Map.of());
        docker.connect(n1, container, EndpointSettings.NONE.withIp("10.53.0.7").withOptions(options));
        assertThat(plugin.bodies.get(0))
                .contains("\"Address\":\"10.53.0.7/24\"")
                .endsWith("\"com.docker.network.portmap\":[],\"k\":\"v\"}}\n");
        var linked = "\"com.docker.network.generic\":{\"ChildEndpoints\":null,\"ParentEndpoints\":null}";
        assertThat(plugin.bodies.get(1)).doesNotContain("\"k\"");
        assertThat(plugin.bodies.get(1).contains(linked)).isEqualTo(old);
        var names = new HashMap<String, String>();
        assertThat(about(container, names))
                .containsExactlyElementsOf(
                        old
                                ? List.of("CreateEndpoint n1", "Join n1", "EndpointOperInfo n1", "EndpointOperInfo n1")
                                : List.of("CreateEndpoint n1", "Join n1", "EndpointOperInfo n1"));
        plugin.replies.put("Join", "{\"Gateway\":\"10.54.0.1\"}");
        docker.connect(n2, container, EndpointSettings.NONE);
        assertThat(about(container, names))
                .containsExactlyElementsOf(
                        old
                                ? List.of(
                                        "EndpointOperInfo n1",
                                        "CreateEndpoint n2",
                                        "Join n2",
                                        "EndpointOperInfo n2",
                                        "EndpointOperInfo n1",
                                        "EndpointOperInfo n2")
                                : List.of(
                                        "EndpointOperInfo n1",
                                        "CreateEndpoint n2",
                                        "Join n2",
                                        "EndpointOperInfo n1",
                                        "EndpointOperInfo n2"));
        docker.disconnect(docker.bridge(), container);
        assertThat(plugin.bodies.get(0)).doesNotContain("\"k\"");
        assertThat(plugin.bodies.get(0).contains(linked)).as("recording 10").isEqualTo(old);
        assertThat(about(container, names))
                .containsExactly("ProgramExternalConnectivity n1", "EndpointOperInfo n1", "EndpointOperInfo n2");
        docker.disconnect(n1, container);
        assertThat(about(container, names))
                .containsExactly(
                        "RevokeExternalConnectivity n1",
                        "Leave n1",
                        "ProgramExternalConnectivity n2",
                        "EndpointOperInfo n2",
                        "DeleteEndpoint n1");
        plugin.replies.put("Join", "{\"Gateway\":\"10.53.0.1\"}");
        docker.connect(n1, container, EndpointSettings.NONE);
        assertThat(about(container, names))
                .containsSubsequence("Join n1", "RevokeExternalConnectivity n2", "ProgramExternalConnectivity n1");
        docker.stop(container);
        assertThat(about(container, names))
                .containsExactly(
                        "RevokeExternalConnectivity n1",
                        "Leave n1",
                        "ProgramExternalConnectivity n2",
                        "DeleteEndpoint n1",
                        "RevokeExternalConnectivity n2",
                        "Leave n2",
                        "DeleteEndpoint n2");
    }

    /// The calls, with the names of the networks whose endpoints they are about.
    private List<String> about(Container container, Map<String, String> names) {
        container
                .endpoints()
                .forEach(endpoint -> names.put(
                        endpoint.key().endpointId(), endpoint.network().name()));
        var calls = new ArrayList<String>();
        for (int i = 0; i < plugin.calls.size(); i++) {
            var id = plugin.bodies.get(i).replaceAll("(?s).*\"EndpointID\":\"([0-9a-f]*)\".*", "$1");
            calls.add(plugin.calls.get(i) + " " + names.get(id));
        }
        plugin.taken();
        return calls;
    }

    /// 07 and 23.
    @Test
    void addresses_and_MACs_that_were_asked_for() {
        var docker = docker(V28_5);
        var network = docker.networkCreate(ownIpam());
        plugin.taken();
        docker.run("c1", network, EndpointSettings.NONE.withIp("10.72.0.50").withMac("02:11:22:33:44:55"));
        assertThat(plugin.bodies.get(0)).contains("\"Address\":\"10.72.0.50\",\"Options\":null");
        assertThat(plugin.bodies.get(1))
                .contains("\"MacAddress\":\"02:11:22:33:44:55\"")
                .contains("\"com.docker.network.endpoint.macaddress\":\"AhEiM0RV\"");
        plugin.replies.put("I.GetCapabilities", "{\"RequiresMACAddress\":true}");
        var other = docker(V28_5);
        var known = other.networkCreate(ownIpam());
        plugin.taken();
        var container = other.run("c2", known);
        var mac = String.valueOf(container.endpoints().getFirst().mac());
        assertThat(plugin.bodies.get(0))
                .contains("\"Options\":{\"com.docker.network.endpoint.macaddress\":\"" + mac + "\"}");
        assertThat(plugin.bodies.get(1))
                .contains("\"MacAddress\":\"" + mac + "\"")
                .doesNotContain("endpoint.macaddress");
        var unnamed = other.networkCreate(NetworkSettings.named("n9"));
        assertThat(failure(() -> other.run("c3", unnamed, EndpointSettings.NONE.withIp("172.18.0.9"))))
                .hasMessage("failed to set up container networking: user specified IP address is supported only when "
                        + "connecting to networks with user configured subnets");
    }

    /// 17 and 80, and facts 4.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "I.RequestPool|remote: injected|",
                "I.RequestAddress|failed to allocate gateway (): remote: injected|I.ReleasePool",
                "CreateNetwork|remote: injected|I.ReleaseAddress I.ReleasePool",
            })
    void a_failed_network_create_is_rolled_back(String failing, String message, String after) {
        var docker = docker(V28_5);
        plugin.replies.put(failing, REFUSAL);
        assertThat(failure(() -> docker.networkCreate(ownIpam()))).hasMessage(message);
        assertThat(after(failing)).containsExactlyElementsOf(words(after));
        plugin.replies.clear();
        docker.networkCreate(ownIpam());
    }

    /// 18, 19 and 20, and facts 4.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "V28_5|I.RequestAddress|remote: injected|",
                "V28_5|CreateEndpoint|failed to create endpoint c1 on network n1: remote: injected|I.ReleaseAddress",
                "V28_5|Join|remote: injected|DeleteEndpoint I.ReleaseAddress",
                "V20_10|Join|remote: injected|DeleteEndpoint I.ReleaseAddress",
                "V28_5|ProgramExternalConnectivity|driver failed programming external connectivity on endpoint c1 (ID): "
                        + "remote: injected|Leave DeleteEndpoint I.ReleaseAddress",
                "V20_10|EndpointOperInfo|Updating join info failed: remote: injected|"
                        + "RevokeExternalConnectivity Leave DeleteEndpoint I.ReleaseAddress",
                "V26_1|EndpointOperInfo|Updating join info failed: remote: injected|"
                        + "RevokeExternalConnectivity Leave DeleteEndpoint I.ReleaseAddress",
            })
    void a_failed_start_is_rolled_back(EngineVersion engine, String failing, String message, String after) {
        var docker = docker(engine);
        var network = docker.networkCreate(ownIpam());
        plugin.taken();
        plugin.replies.put(failing, REFUSAL);
        var prefix = engine == V28_5 ? "failed to set up container networking: " : "";
        var failure = failure(() -> docker.run("c1", network));
        assertThat(failure.getMessage().replaceAll("[0-9a-f]{64}", "ID")).isEqualTo(prefix + message);
        assertThat(failure.getCause()).isInstanceOf(CallFailed.class);
        assertThat(after(failing)).containsExactlyElementsOf(words(after));
        docker.networkRemove(network);
    }

    private List<String> after(String failing) {
        return plugin.calls.subList(plugin.calls.lastIndexOf(failing) + 1, plugin.calls.size());
    }

    private static List<String> words(String text) {
        return text == null ? List.of() : List.of(text.split(" "));
    }

    /// 19.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "V20_10|CreateEndpoint|{\"Interface\":{\"Address\":\"10.72.0.9/24\"}}|failed to create endpoint c1 on "
                        + "network n1: driver modified interface address: endpoint interface IP present "
                        + "(10.72.0.2/24). Cannot be modified with (10.72.0.9/24).; rolled back|"
                        + "CreateEndpoint DeleteEndpoint",
                "V20_10|Join|{\"Gateway\":\"1.2.3\"}|unable to parse Gateway \"1.2.3\"|"
                        + "CreateEndpoint Join DeleteEndpoint",
                "V28_5|Join|{\"Gateway\":\"1.2.3\"}|failed to set up container networking: unable to parse Gateway "
                        + "\"1.2.3\"; rolled back|CreateEndpoint Join Leave DeleteEndpoint",
                "V28_5|Join|<html>|failed to set up container networking: invalid character '<' looking for beginning "
                        + "of value|CreateEndpoint Join DeleteEndpoint",
                "V28_5|Join|{\"Gateway\":\"169.254.1.1\"}|failed to set up container networking: updating gateway "
                        + "endpoint: failed to set gateway: route for the gateway 169.254.1.1 could not be found: "
                        + "network is unreachable|CreateEndpoint Join Leave DeleteEndpoint",
                "V20_10|Join|{\"Gateway\":\"169.254.1.1\"}|failed to set gateway while updating gateway: route for the "
                        + "gateway 169.254.1.1 could not be found: network is unreachable|CreateEndpoint Join "
                        + "ProgramExternalConnectivity EndpointOperInfo EndpointOperInfo RevokeExternalConnectivity "
                        + "Leave DeleteEndpoint",
            })
    void replies_that_an_engine_cannot_use(
            EngineVersion engine, String call, String reply, String message, String calls) {
        var docker = docker(engine);
        var network = docker.networkCreate(n1());
        plugin.taken();
        plugin.replies.put(call, reply);
        assertThat(failure(() -> docker.run("c1", network))).hasMessage(message);
        assertThat(plugin.taken()).containsExactlyElementsOf(words(calls));
    }

    @Test
    void a_gateway_that_a_route_of_the_reply_makes_reachable_is_used() {
        plugin.replies.put(
                "Join",
                "{\"Gateway\":\"169.254.1.1\",\"StaticRoutes\":[{\"Destination\":\"169.254.1.1/32\",\"RouteType\":1}]}");
        var docker = docker(V28_5);
        docker.run("c1", docker.networkCreate(n1()));
        assertThat(plugin.taken()).endsWith("ProgramExternalConnectivity", "EndpointOperInfo");
    }

    @Test
    void an_answered_MAC_must_not_be_the_users() {
        plugin.replies.put("CreateEndpoint", "{\"Interface\":{\"MacAddress\":\"02:00:00:00:00:01\"}}");
        var docker = docker(V28_5);
        var network = docker.networkCreate(n1());
        var container = docker.run("c1", network);
        assertThat(container.endpoints().getFirst().mac()).hasToString("02:00:00:00:00:01");
        assertThat(failure(() -> docker.run("c2", network, EndpointSettings.NONE.withMac("02:00:00:00:00:02"))))
                .hasMessageContaining("driver modified interface MAC address");
        assertThat(plugin.taken()).endsWith("CreateEndpoint", "DeleteEndpoint");
    }

    /// 18 and 20.
    @Test
    void what_28_5_only_logs() {
        var docker = docker(V28_5);
        var network = docker.networkCreate(ownIpam());
        plugin.taken();
        for (var failing : List.of(
                "EndpointOperInfo",
                "RevokeExternalConnectivity",
                "Leave",
                "DeleteEndpoint",
                "I.ReleaseAddress",
                "I.ReleasePool",
                "DeleteNetwork")) {
            plugin.replies.put(failing, REFUSAL);
        }
        docker.stop(docker.run("c1", network));
        docker.networkRemove(network);
        assertThat(plugin.taken())
                .containsExactly(
                        "I.RequestAddress",
                        "CreateEndpoint",
                        "Join",
                        "ProgramExternalConnectivity",
                        "EndpointOperInfo",
                        "RevokeExternalConnectivity",
                        "Leave",
                        "DeleteEndpoint",
                        "I.ReleaseAddress",
                        "I.ReleaseAddress",
                        "I.ReleasePool",
                        "DeleteNetwork");
        assertThat(docker.logged()).hasSize(8).containsOnly("remote: injected");
    }

    /// 20: an old plugin that does not know the call.
    @Test
    void a_404_to_ProgramExternalConnectivity_is_borne() {
        plugin.status = 404;
        plugin.replies.put("ProgramExternalConnectivity", "injected 404");
        var docker = docker(V28_5);
        docker.run("c1", docker.networkCreate(n1()));
        assertThat(plugin.taken()).endsWith("ProgramExternalConnectivity", "EndpointOperInfo");
    }

    /// Facts 11.
    @Test
    void Dockers_own_addresses_are_offered_again_after_a_refusal() {
        var docker = docker(V28_5);
        var network = docker.networkCreate(n1());
        plugin.replies.put("CreateEndpoint", REFUSAL);
        for (int i = 0; i < 2; i++) {
            plugin.taken();
            failure(() -> docker.run("c1", network));
            assertThat(plugin.bodies.getFirst()).contains("\"Address\":\"10.72.0.2/24\"");
        }
    }

    @Test
    void a_second_network_that_fails_takes_the_first_with_it() {
        var docker = docker(V28_5);
        var n1 = docker.networkCreate(n1());
        var n2 = docker.networkCreate(NetworkSettings.named("n2"));
        var container = docker.create("c1", n1, EndpointSettings.NONE);
        docker.connect(n2, container, EndpointSettings.NONE.withIp("10.0.0.1"));
        plugin.taken();
        assertThat(failure(() -> docker.start(container))).hasMessageContaining("user specified IP address");
        assertThat(plugin.taken()).endsWith("RevokeExternalConnectivity", "Leave", "DeleteEndpoint");
        docker.networkRemove(n1);
        docker.networkRemove(n2);
        docker.disconnect(n2, container);
        assertThat(failure(() -> docker.start(container)))
                .hasMessage("failed to set up container networking: network " + n1.id() + " not found");
    }
}
