package dev.weft.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.http.HttpHandler;
import dev.weft.http.HttpRequest;
import dev.weft.http.HttpResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// An engine that answers what a real one has answered.
enum Recording implements HttpHandler {
    V20_10(
            "20.10",
            "1.41",
            "OTYF:4J5G:JKT6:TRFU:3IHD:Q33Q:6ABA:ACEL:XLR3:6QRX:GA7W:JWML",
            "20.10.24+dfsg1",
            "7dc7ed6a53256d08ee72423a2457fbfd86e80b844d7e4bb50aee17ca4e62c47d",
            "e599a976d03f1d3d53ebb42091fef72921a9cb1715d0a74fdf08aa8cbc79d116",
            "c623b2dab2073cf96a821cc30e1520557ae102ec02bb85bb1e2d7e490ddc6e37",
            "02:42:0a:32:00:82",
            "0103f789cdb63f7b1759c83955c9977cb72f9745ec10802f1265ad9c5c84edcb"),
    V26_1(
            "26.1",
            "1.45",
            "2e1824c0-00f1-41ad-8c68-335926695c67",
            "26.1.5+dfsg1",
            "a23ab763bd6260726e61bb1c62dc13413c76c1adb8de0efdf68b42f18f803dcb",
            "c08e62cbc4873915f2fd976e64bc4e7fac50494d1d1fd289397f8851e7d1030d",
            "90cadb1e9e3f74ca97af2f006e9a7c8f98c414b9d4f3e1c8575a608669207ea1",
            "02:42:0a:32:00:82",
            "3df25453323d92c2bba168763a8f50b08dc483db12f63113b9e864150dd3632e"),
    V28_5(
            "28.5",
            "1.51",
            "cb3f55ef-1154-432b-aaef-d902ae79aec7",
            "28.5.2+dfsg4",
            "455a3c8c9ba3bfddb2ff5e03a354b00f8bd474edd585e53ad8195f76c8fd9a9a",
            "19aad61f15b5926dd4e0e00db498bcb5841dd9784f3dc089869226999097d6e2",
            "ae161dabef7a7b8da11d33c522408b863cd470295613e259f22a69779f913a1e",
            "06:f5:37:e6:0d:71",
            "34696b37ae317cf4382bf0003551bc126ea83050733b6ba93974312cbb48a905");

    private final String folder;
    /// Of the API, which is to be negotiated.
    private final String version;
    /// What is in the bodies.
    final String engineId;
    final String engineVersion;
    final String fullId;
    final String webId;
    final String webInFull;
    final String webMac;
    final String madeId;
    private final List<HttpRequest> requests = new CopyOnWriteArrayList<>();

    Recording(
            String folder,
            String version,
            String engineId,
            String engineVersion,
            String fullId,
            String webId,
            String webInFull,
            String webMac,
            String madeId) {
        this.folder = folder;
        this.version = version;
        this.engineId = engineId;
        this.engineVersion = engineVersion;
        this.fullId = fullId;
        this.webId = webId;
        this.webInFull = webInFull;
        this.webMac = webMac;
        this.madeId = madeId;
    }

    @Override
    public HttpResponse handle(HttpRequest request) {
        requests.add(request);
        var path = request.path().replaceFirst("\\?since=[0-9]+\\.[0-9]{9}&", "?since=..&");
        var prefix = "/v" + version;
        if (path.equals("/version")) {
            return body(200, "version");
        }
        if (!path.startsWith(prefix)) {
            return body(400, "version-new.400");
        }
        return switch (request.method() + " " + path.substring(prefix.length())) {
            case "GET /info" -> body(200, "info");
            case "GET /networks" -> body(200, "networks");
            case "GET /networks/full" -> body(200, "network-full");
            case "GET /networks/nowhere" -> body(404, "network-missing.404");
            case "POST /networks/create" ->
                request.body().contains("\"nodriver\"")
                        ? body(404, "network-driver.404")
                        : request.body().contains("\"twice\"")
                                ? body(409, "network-twice.409")
                                : body(201, "network-created.201");
            case "GET /containers/json?all=1" -> body(200, "containers");
            case "GET /containers/web/json" -> body(200, "container-web");
            case "GET /containers/idle/json" -> body(200, "container-idle");
            case "GET /containers/failed/json" -> body(200, "container-failed");
            case "GET /containers/broken/json" -> body(200, "container-broken");
            case "GET /containers/nowhere/json" -> body(404, "container-missing.404");
            case "POST /containers/idle/start" -> body(204, "start-idle.204");
            case "POST /containers/web/start" -> body(304, "start-running.304");
            case "POST /containers/broken/start" -> body(400, "start-broken.400");
            case "POST /containers/nowhere/start" -> body(404, "start-missing.404");
            case "GET /events?since=..&filters="
                    + "%7B%22type%22%3A%5B%22network%22%2C%22container%22%2C%22daemon%22%5D%7D" -> body(200, "events");
            default -> body(404, "no-page.404");
        };
    }

    /// The last request's body.
    String sent() {
        return requests.getLast().body();
    }

    private HttpResponse body(int status, String name) {
        var file = "/recorded/" + folder + "/" + name + ".json";
        try (var in = Recording.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IOException("no " + file);
            }
            return new HttpResponse(status, "application/json", new String(in.readAllBytes(), UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
