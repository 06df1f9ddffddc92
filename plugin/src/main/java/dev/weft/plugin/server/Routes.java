package dev.weft.plugin.server;

import static dev.weft.plugin.wire.Nothing.NOTHING;
import static java.util.Objects.requireNonNull;

import dev.weft.json.Json;
import dev.weft.json.MalformedJson;
import dev.weft.plugin.IpamDriver;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.Plugin;
import dev.weft.plugin.Refusal;
import dev.weft.plugin.wire.Call;
import dev.weft.plugin.wire.Nothing;
import dev.weft.plugin.wire.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Which call means which method of which driver.
final class Routes {
    private final Map<String, Function<String, String>> calls = new HashMap<>();

    Routes(Plugin plugin) {
        var roles = new ArrayList<String>();
        plugin.networks().ifPresent(driver -> {
            roles.add("NetworkDriver");
            serve(driver);
        });
        plugin.addresses().ifPresent(driver -> {
            roles.add("IpamDriver");
            serve(driver);
        });
        answer(Protocol.ACTIVATE, () -> List.copyOf(roles));
    }

    private void serve(NetworkDriver driver) {
        answer(Protocol.GET_CAPABILITIES, driver::capabilities);
        query(Protocol.ALLOCATE_NETWORK, driver::allocateNetwork);
        command(Protocol.FREE_NETWORK, driver::freeNetwork);
        query(Protocol.GW_ALLOC_CHECK, driver::gatewayAllocCheck);
        command(Protocol.CREATE_NETWORK, driver::createNetwork);
        command(Protocol.DELETE_NETWORK, driver::deleteNetwork);
        query(Protocol.CREATE_ENDPOINT, driver::createEndpoint);
        command(Protocol.DELETE_ENDPOINT, driver::deleteEndpoint);
        query(Protocol.ENDPOINT_OPER_INFO, driver::endpointOperInfo);
        query(Protocol.JOIN, driver::join);
        command(Protocol.LEAVE, driver::leave);
        command(Protocol.PROGRAM_EXTERNAL_CONNECTIVITY, driver::programExternalConnectivity);
        command(Protocol.REVOKE_EXTERNAL_CONNECTIVITY, driver::revokeExternalConnectivity);
        command(Protocol.DISCOVER_NEW, driver::discoverNew);
        command(Protocol.DISCOVER_DELETE, driver::discoverDelete);
    }

    private void serve(IpamDriver driver) {
        answer(Protocol.GET_IPAM_CAPABILITIES, driver::ipamCapabilities);
        answer(Protocol.GET_DEFAULT_ADDRESS_SPACES, driver::defaultAddressSpaces);
        query(Protocol.REQUEST_POOL, driver::requestPool);
        command(Protocol.RELEASE_POOL, driver::releasePool);
        query(Protocol.REQUEST_ADDRESS, driver::requestAddress);
        command(Protocol.RELEASE_ADDRESS, driver::releaseAddress);
    }

    boolean has(String path) {
        return calls.containsKey(path);
    }

    /// The answer's body.
    ///
    /// @throws MalformedJson before the driver hears of the call
    /// @throws Refusal       the driver's
    String call(String path, String body) {
        var call = calls.get(path);
        if (call == null) {
            throw new IllegalArgumentException("no call " + path);
        }
        return call.apply(body);
    }

    private <A> void answer(Call<Nothing, A> call, Supplier<A> driver) {
        calls.put(call.path(), _ -> write(call, driver.get()));
    }

    private <Q, A> void query(Call<Q, A> call, Function<Q, A> driver) {
        calls.put(call.path(), body -> write(call, driver.apply(call.read(body))));
    }

    private <Q> void command(Call<Q, Nothing> call, Consumer<Q> driver) {
        query(call, request -> {
            driver.accept(request);
            return NOTHING;
        });
    }

    private static <A> String write(Call<?, A> call, A answer) {
        return Json.write(
                call.reply().write().apply(requireNonNull(answer, () -> "the driver answered null to " + call.path())));
    }
}
