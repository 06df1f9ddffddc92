package dev.weft.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What commands make of the agent's answers.
@DisplayNameGeneration(ReplaceUnderscores.class)
class AnswersTest {
    private static final String AGENT = """
            "version":"0.1.0","java":"25.0.3+9","pid":4711,"uptime_seconds":273600,
            "plugin_socket":"/run/docker/plugins/weft.sock","admin_socket":"/run/weft/admin.sock",
            "state_folder":"/var/lib/weft","state_bytes":73728
            """;

    private static JsonObject json(String text) {
        return JsonObject.parse("the answer", text);
    }

    private static String work(String problems) {
        return "{" + AGENT + """
                ,"state":"working","networks":3,"endpoints":12,"pools":1,
                "comparison":{"at":"2026-11-25T04:00:00Z","age_seconds":12,"took_ms":8,"rounds":9,"repairs":2},
                "engine":{"connected":true,"id":"2fe8b7d9-1c2f-4a3c-9d3e-6d0f0a1f8f10","name":"h1","version":"28.5.2",
                "recorded_id":"2fe8b7d9-1c2f-4a3c-9d3e-6d0f0a1f8f10","collected":1},
                "problems":%s}
                """.formatted(problems);
    }

    @Test
    void the_status_of_an_agent_that_works() {
        assertThat(StatusCommand.text(json(work("[]")))).isEqualTo("""
                Weft 0.1.0 works, and no problem is known.

                agent      pid 4711, up 3 d 4 h, Java 25.0.3+9
                sockets    /run/docker/plugins/weft.sock for engines
                           /run/weft/admin.sock for weft
                state      /var/lib/weft, 72 KiB
                networks   3, with 12 endpoints; 1 subnet from Weft's IPAM
                kernel     compared 12 s ago, in 8 ms; 2 repairs since the start
                engine     Docker 28.5.2 on h1, id 2fe8b7d9-1c2f-4a3c-9d3e-6d0f0a1f8f10,
                           connected
                collected  1 thing that the engine no longer had""");
    }

    @Test
    void problems_come_first() {
        assertThat(StatusCommand.text(json(work("[\"container always was left down by the engine, because no agent"
                        + " answered when it was to start. Start it: docker start always\"]"))))
                .startsWith("""
                        Weft 0.1.0 works, with 1 problem:
                          - container always was left down by the engine, because no agent answered when
                            it was to start. Start it: docker start always

                        agent      pid 4711""");
    }

    @Test
    void the_status_of_an_agent_that_cannot_work_says_why() {
        assertThat(StatusCommand.text(
                        json("{" + AGENT + ",\"state\":\"unable\",\"reason\":\"the Weft agent cannot work: x.\"}")))
                .isEqualTo("""
                        Weft 0.1.0 does not work:
                          - the Weft agent cannot work: x.

                        agent    pid 4711, up 3 d 4 h, Java 25.0.3+9
                        sockets  /run/docker/plugins/weft.sock for engines
                                 /run/weft/admin.sock for weft
                        state    /var/lib/weft, 72 KiB""");
    }

    @Test
    void an_engine_that_is_away_or_another_one_is_told() {
        var other = work("[]").replace("\"recorded_id\":\"2fe8b7d9-1c2f", "\"recorded_id\":\"00000000-0000");
        assertThat(StatusCommand.text(json(other)))
                .contains("\n           not the one on record: 00000000-0000-4a3c-9d3e-6d0f0a1f8f10\n");
        var away = json("{" + AGENT + ",\"state\":\"working\",\"engine\":{\"connected\":false,\"away\":\"gone.\"}}");
        assertThat(StatusCommand.text(away)).contains("\nengine     away: gone.\n");
        var unasked = json("{" + AGENT + ",\"state\":\"working\"}");
        assertThat(StatusCommand.text(unasked)).contains("\nengine    never asked, because docker.socket is empty");
    }

    private static final String ENDPOINT = """
            {"id":"fedcba98765432100123456789abcdef","container":"web","network_id":"0123456789abcdef",
            "network":"mynet","ipv4":"10.9.0.2/24","ipv6":"fd09::2/64","mac":"02:42:0a:09:00:02","joined":true,
            "port":"veth-fedcba9876","sandbox":"/var/run/docker/netns/1","interface":"eth0",
            "options":{"ingress_rate":"1mbit"}}""";

    @Test
    void networks() {
        assertThat(NetworkLs.text(json("""
                {"networks":[{"id":"0123456789abcdef","name":"mynet","mode":"vxlan","mtu":1450,"internal":false,
                "subnets":["10.9.0.0/24","fd09::/64"],"endpoints":2},
                {"id":"fffffffffffffff","name":null,"mode":"vxlan","mtu":1450,"internal":true,"subnets":[],
                "endpoints":0}]}"""))).isEqualTo("""
                NETWORK         ID            MODE   MTU   ENDPOINTS  SUBNETS
                mynet           0123456789ab  vxlan  1450  2          10.9.0.0/24
                                                                      fd09::/64
                (not told yet)  ffffffffffff  vxlan  1450  0""");
    }

    @Test
    void a_network() {
        assertThat(NetworkInspect.text(json("""
                {"id":"0123456789abcdef","name":"mynet","mode":"vxlan","mtu":1450,"internal":true,
                "subnets":[{"subnet":"10.9.0.0/24","gateway":"10.9.0.1/24","pool":"weft-local/10.9.0.0/24"},
                {"subnet":"fd09::/64","gateway":null,"pool":null}],"options":{"mode":"vxlan","host_access":"true"},
                "bridge":"br-0123456789ab","endpoints":[%s]}""".formatted(ENDPOINT)))).isEqualTo("""
                network  mynet
                id       0123456789abcdef
                mode     vxlan, internal
                mtu      1450 bytes inside
                subnets  10.9.0.0/24, gateway 10.9.0.1/24, from Weft's IPAM
                         fd09::/64
                options  mode=vxlan
                         host_access=true
                bridge   br-0123456789ab

                CONTAINER  NETWORK  ADDRESSES    MAC                PORT
                web        mynet    10.9.0.2/24  02:42:0a:09:00:02  veth-fedcba9876
                                    fd09::2/64""");
    }

    @Test
    void an_endpoint() {
        assertThat(EndpointInspect.text(json("{\"endpoints\":[" + ENDPOINT + "]}")))
                .isEqualTo("""
                endpoint   fedcba98765432100123456789abcdef
                container  web
                network    mynet
                addresses  10.9.0.2/24
                           fd09::2/64
                mac        02:42:0a:09:00:02
                sandbox    /var/run/docker/netns/1
                interface  eth0
                port       veth-fedcba9876
                options    ingress_rate=1mbit""");
    }

    @Test
    void pools() {
        assertThat(IpamLs.text(json("""
                {"pools":[{"id":"weft-local/10.9.0.0/24","space":"weft-local","subnet":"10.9.0.0/24",
                "range":"10.9.0.128/25","network_id":"0123456789abcdef","network":"mynet","size":127,"given":3,
                "free":125,"free_percent":98,"gateway":"10.9.0.1"},
                {"id":"weft-local/fd09::/64","space":"weft-local","subnet":"fd09::/64","range":"fd09::/64",
                "network_id":null,"network":null,"size":4611686018427387903,"given":0,
                "free":4611686018427387903,"free_percent":100,"gateway":null}]}"""))).isEqualTo("""
                SUBNET         NETWORK     SIZE  GIVEN  FREE          GATEWAY
                10.9.0.0/24    mynet       127   3      125 (98 %)    10.9.0.1
                10.9.0.128/25
                fd09::/64      (none yet)  2^62  0      2^62 (100 %)  none""");
    }

    @Test
    void a_comparison() {
        assertThat(ReconcileCommand.text(json("""
                {"networks":1,"endpoints":2,"took_ms":7,"repairs":[],"removed":[],"problems":[]}""")))
                .isEqualTo("Compared 1 network and 2 endpoints in 7 ms: everything is as recorded.");
        assertThat(ReconcileCommand.text(json("""
                {"networks":1,"endpoints":2,"took_ms":7,"repairs":["ip link add x"],"removed":["weft endpoint 1"],
                "problems":["network mynet: link y is gone."]}"""))).isEqualTo("""
                Compared 1 network and 2 endpoints in 7 ms: 2 repairs, 1 problem.
                Not mended:
                  - network mynet: link y is gone.
                Repaired:
                  - ip link add x
                Removed what was left of:
                  - weft endpoint 1""");
    }

    @Test
    void findings() {
        assertThat(DoctorCommand.text(json("{\"findings\":[]}"))).isEqualTo("Everything is in order.");
        assertThat(DoctorCommand.text(json("""
                {"findings":[{"code":"pool-full","severity":"error","subject":"x","sentence":"a sentence of words that is\
                 longer than the column that is left for it on a screen of 80."},
                {"code":"mtu","severity":"warning","subject":"y","sentence":"short."}]}"""))).isEqualTo("""
                1 error, 1 warning.

                ERROR pool-full
                    a sentence of words that is longer than the column that is left for it on a
                    screen of 80.

                WARNING mtu
                    short.""");
    }

    @Test
    void the_check_of_a_state() {
        assertThat(StateCheckCommand.text(json("""
                {"file":"/var/lib/weft/weft.db","sound":true,"records":{"network":3,"endpoint":12}}"""))).isEqualTo("""
                        The state in /var/lib/weft/weft.db is what was written:
                          3 x network
                          12 x endpoint""");
        assertThat(StateCheckCommand.text(json("""
                {"file":"/x","sound":false,"sentence":"the state is damaged."}"""))).isEqualTo("the state is damaged.");
    }

    @Test
    void the_status_tells_of_the_cluster() {
        var status = work("[]").replace("\"problems\"", """
                "cluster":{"connected":false,"away":"it was not reached yet","host":"1","hosts":3,"networks":1},
                "problems\"""");
        assertThat(StatusCommand.text(json(status)))
                .contains("\ncluster    3 hosts, 1 network; away: it was not reached yet\n");
    }

    @Test
    void hosts() {
        assertThat(HostLs.text(json("""
                        {"hosts":[
                        {"id":"00aa","name":"h1","addresses":["10.77.0.1","fd77::1"],"port":4789,"version":"0.1.0",
                        "forgotten":false,"self":true,"heard":null,"endpoints":2},
                        {"id":"00bb","name":"h2","addresses":["10.77.0.2"],"port":4789,"version":"0.1.0",
                        "forgotten":false,"self":false,"heard":"2026-11-25T04:00:00Z","endpoints":0},
                        {"id":"00cc","name":"h3","addresses":[],"port":4789,"version":"0.2.0",
                        "forgotten":false,"self":false,"heard":null,"endpoints":0}]}
                        """), Instant.parse("2026-11-25T04:00:07Z")))
                .isEqualTo("""
                HOST  ID    ADDRESSES  HEARD      ENDPOINTS  WEFT
                h1    00aa  10.77.0.1  this host  2          0.1.0
                            fd77::1
                h2    00bb  10.77.0.2  7 s ago    0          0.1.0
                h3    00cc             not yet    0          0.2.0""");
        assertThat(HostLs.text(json("{\"hosts\":[]}"), Instant.EPOCH)).contains("in no cluster");
    }

    @Test
    void a_network_of_a_cluster_with_its_endpoints_on_other_hosts() {
        assertThat(NetworkInspect.text(json("""
                        {"id":"0123456789abcdef","name":"mynet","mode":"vxlan","mtu":1450,"internal":false,
                        "subnets":[{"subnet":"10.9.0.0/24","gateway":null,"pool":null}],"options":{},
                        "bridge":"br-0123456789ab","parent":null,"endpoints":[],
                        "cluster":{"id":"77","vni":9000000,"creator":"h2","endpoints":[
                        {"id":"ff","container":"web","host":"h2","ipv4":"10.9.0.2/24","ipv6":null,
                        "mac":"02:42:0a:09:00:02"}]}}
                        """))).endsWith("""
                cluster  created by host h2, VNI 9000000

                no endpoints here

                CONTAINER  HOST  ADDRESSES    MAC
                web        h2    10.9.0.2/24  02:42:0a:09:00:02""");
    }
}
