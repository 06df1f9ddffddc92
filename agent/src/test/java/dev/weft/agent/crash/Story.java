package dev.weft.agent.crash;

import dev.weft.plugin.client.EndpointSettings;
import dev.weft.plugin.client.NetworkSettings;
import dev.weft.plugin.client.NetworkSettings.Ipam;
import dev.weft.plugin.client.PoolSettings;

/// What happens on a host while its agent is killed. Each leads up to what its points are about with none that count.
enum Story {
    /// A network with Weft's addresses and all that options make, from its creation to its removal.
    ALL_OPTIONS {
        @Override
        void play(Stage stage) {
            stage.begin();
            var network = stage.docker().create(OPTIONS);
            var container = stage.docker().run("one", network, EndpointSettings.NONE);
            stage.docker().stop(container);
            stage.docker().remove(network);
        }
    },

    /// A network of two families with Docker's addresses.
    DOCKERS_ADDRESSES {
        @Override
        void play(Stage stage) {
            stage.begin();
            var network = stage.docker()
                    .create(NetworkSettings.named("plain")
                            .withSubnet("10.98.0.0/24")
                            .withSubnet("fd57:98::/64")
                            .withIpv6());
            var container = stage.docker().run("one", network, EndpointSettings.NONE.withIp("10.98.0.9"));
            stage.docker().stop(container);
            stage.docker().remove(network);
        }
    },

    /// A container with an address that was asked for gets it again.
    FIXED_ADDRESS {
        @Override
        void play(Stage stage) {
            var network = stage.docker()
                    .create(NetworkSettings.named("fixed").withIpam(Ipam.PLUGIN).withSubnet("10.97.0.0/24"));
            stage.docker().run("other", network, EndpointSettings.NONE);
            stage.begin();
            var container = stage.docker().run("one", network, EndpointSettings.NONE.withIp("10.97.0.9"));
            stage.docker().stop(container);
            stage.docker().start(container);
        }
    },

    /// A second network comes and goes while a container runs, of two families that Weft chooses.
    SECOND_NETWORK {
        @Override
        void play(Stage stage) {
            var first = stage.docker()
                    .create(NetworkSettings.named("first").withIpam(Ipam.PLUGIN).withIpv6());
            var second = stage.docker()
                    .create(NetworkSettings.named("second")
                            .withIpam(Ipam.PLUGIN)
                            .withIpv6());
            var container = stage.docker().run("one", first, EndpointSettings.NONE);
            stage.begin();
            stage.docker().connect(second, container);
            stage.docker().disconnect(second, container);
            stage.docker().remove(second);
        }
    },

    /// The last step of a network fails: what was made is taken back.
    UNDONE_NETWORK {
        @Override
        void play(Stage stage) {
            stage.beginWithRefusal("apply AddressHostEnd");
            stage.fails(() -> stage.docker().create(OPTIONS));
            stage.allow();
        }
    },

    /// The last step of a join fails.
    UNDONE_JOIN {
        @Override
        void play(Stage stage) {
            var network = stage.docker().create(OPTIONS);
            stage.beginWithRefusal("apply Redirect");
            stage.fails(() -> stage.docker().run("one", network, EndpointSettings.NONE));
            stage.allow();
        }
    },

    /// A bridge and a port are deleted by hand under a running container.
    REPAIRS {
        @Override
        void play(Stage stage) {
            var network = stage.docker().create(OPTIONS);
            stage.docker().run("one", network, EndpointSettings.NONE);
            stage.begin();
            stage.deleteFromFabric("br-");
            stage.reconcile();
            stage.deleteFromFabric("veth-");
            stage.reconcile();
        }
    },

    /// A step fails after a container's pair was restored.
    UNDONE_REPAIR {
        @Override
        void play(Stage stage) {
            var network = stage.docker().create(OPTIONS);
            stage.docker().run("one", network, EndpointSettings.NONE);
            stage.deleteFromFabric("veth-");
            stage.beginWithRefusal("apply AddStation");
            stage.reconcile();
            stage.allow();
            stage.reconcile();
        }
    },

    /// A network on a LAN comes and goes, with a container.
    LAN {
        @Override
        void play(Stage stage) {
            stage.begin();
            var network = stage.docker().create(ON_LAN);
            var container = stage.docker().run("one", network, EndpointSettings.NONE);
            stage.docker().stop(container);
            stage.docker().remove(network);
        }
    },

    /// The host's link and a container's are deleted by hand in a network on a LAN; the container ends.
    LAN_REPAIR {
        @Override
        void play(Stage stage) {
            var network = stage.docker().create(ON_LAN);
            var container = stage.docker().run("one", network, EndpointSettings.NONE);
            stage.deleteFromHost("whost-");
            stage.deleteFromContainer("eth0");
            stage.begin();
            stage.reconcile();
            stage.docker().stop(container);
        }
    },

    /// Links stay when their container stops, because the kernel refuses; the engine forgets the endpoint.
    LEFT_BEHIND {
        @Override
        void play(Stage stage) {
            var network = stage.docker().create(OPTIONS);
            var container = stage.docker().run("one", network, EndpointSettings.NONE);
            stage.refuse("undo CreateVeth");
            stage.docker().stop(container);
            stage.allow();
            stage.begin();
            stage.reconcile();
            stage.collect();
        }
    },

    /// Everything is removed while no agent runs, and the engine never says so again.
    FORGOTTEN {
        @Override
        void play(Stage stage) {
            var network = stage.docker().create(OPTIONS);
            var container = stage.docker().run("one", network, EndpointSettings.NONE);
            stage.whileNoAgentRuns(() -> {
                stage.docker().stop(container);
                stage.docker().remove(network);
            });
            stage.begin();
            stage.reconcile();
            stage.collect();
        }
    };

    private static final NetworkSettings OPTIONS = NetworkSettings.named("all")
            .withIpam(Ipam.PLUGIN)
            .withPool(PoolSettings.of("10.99.0.0/24")
                    .withIpRange("10.99.0.64/26")
                    .withAuxAddress("printer", "10.99.0.70"))
            .withOption("host_access", "true")
            .withOption("com.docker.network.bridge.enable_icc", "false")
            .withOption("ingress_rate", "100mbit")
            .withOption("egress_rate", "100mbit");

    private static final NetworkSettings ON_LAN = NetworkSettings.named("lan")
            .withPool(PoolSettings.of("10.95.0.0/24").withAuxAddress("host", "10.95.0.9"))
            .withOption("mode", "macvlan")
            .withOption("parent", Host.PARENT)
            .withOption("host_access", "true");

    abstract void play(Stage stage);
}
