package dev.weft.plugin;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// Which path means which method of the driver, how its body is read, and how its answer is written.
final class Routes {
    private final Map<String, Function<String, Map<String, Object>>> calls = new HashMap<>();

    Routes(NetworkDriver driver) {
        calls.put("/Plugin.Activate", _ -> Wire.implemented("NetworkDriver"));
        calls.put("/NetworkDriver.GetCapabilities", _ -> Wire.capabilities(driver.capabilities()));
        command("/NetworkDriver.CreateNetwork", Wire::createNetwork, driver::createNetwork);
        command("/NetworkDriver.DeleteNetwork", Wire::networkId, driver::deleteNetwork);
        query("/NetworkDriver.CreateEndpoint", Wire::createEndpoint, driver::createEndpoint, Wire::created);
        command("/NetworkDriver.DeleteEndpoint", Wire::endpoint, driver::deleteEndpoint);
        query("/NetworkDriver.EndpointOperInfo", Wire::endpoint, driver::endpointOperInfo, Wire::operInfo);
        query("/NetworkDriver.Join", Wire::join, driver::join, Wire::joined);
        command("/NetworkDriver.Leave", Wire::endpoint, driver::leave);
        command(
                "/NetworkDriver.ProgramExternalConnectivity",
                Wire::externalConnectivity,
                driver::programExternalConnectivity);
        command("/NetworkDriver.RevokeExternalConnectivity", Wire::endpoint, driver::revokeExternalConnectivity);
    }

    boolean has(String path) {
        return calls.containsKey(path);
    }

    /// The answer's body.
    ///
    /// @throws MalformedCall before the driver hears of the call
    /// @throws Refusal       the driver's
    String call(String path, String body) {
        var call = calls.get(path);
        if (call == null) {
            throw new IllegalArgumentException("no call " + path);
        }
        return Fields.write(call.apply(body));
    }

    private <Q, A> void query(
            String path, Function<Fields, Q> read, Function<Q, A> call, Function<A, Map<String, Object>> write) {
        calls.put(path, body -> write.apply(call.apply(read.apply(Fields.parse(body)))));
    }

    private <Q> void command(String path, Function<Fields, Q> read, Consumer<Q> call) {
        calls.put(path, body -> {
            call.accept(read.apply(Fields.parse(body)));
            return Map.of();
        });
    }
}
