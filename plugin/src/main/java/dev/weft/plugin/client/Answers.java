package dev.weft.plugin.client;

import dev.weft.json.JsonObject;
import dev.weft.json.MalformedJson;
import dev.weft.plugin.client.CallFailed.Kind;
import dev.weft.plugin.wire.Call;
import dev.weft.plugin.wire.Protocol;
import java.net.Inet6Address;
import java.net.InetAddress;

/// What an engine makes of a plugin's answers. Source: recordings 17 to 20, 37 and 80.
record Answers(EngineVersion engine) {
    private static final int OK = 200;
    private static final String FIRST_OF_JSON = "{[\"-0123456789tfn";

    <A> A read(Call<?, A> call, Exchange.Answer answer) {
        var fields = check(call.path(), answer);
        try {
            checkTexts(call, fields, answer.body());
            return call.reply().read().apply(fields);
        } catch (MalformedJson unusable) {
            throw unusable(answer, unusable);
        }
    }

    private static CallFailed unusable(Exchange.Answer answer, MalformedJson reason) {
        return CallFailed.answered(Kind.UNUSABLE, answer.body(), String.valueOf(reason.getMessage()));
    }

    /// The answer's fields, if it is one and no refusal.
    JsonObject check(String path, Exchange.Answer answer) {
        var body = answer.body();
        if (answer.status() != OK) {
            throw CallFailed.status(path, answer.status(), body, sentence(body));
        }
        var fields = parse(body);
        try {
            var refusal = path.equals(Protocol.ACTIVATE.path()) ? null : Protocol.refusal(path, fields);
            if (refusal != null) {
                throw CallFailed.answered(Kind.REFUSED, body, "remote: " + refusal);
            }
        } catch (MalformedJson unusable) {
            throw unusable(answer, unusable);
        }
        return fields;
    }

    /// `Err` even of IPAM calls; otherwise the body as it is.
    private static String sentence(String body) {
        try {
            var err = JsonObject.parse("the answer", body).optionalString("Err");
            return err == null ? body : err;
        } catch (MalformedJson notJson) {
            return body;
        }
    }

    private static JsonObject parse(String body) {
        var text = body.stripLeading();
        if (text.isEmpty()) {
            throw CallFailed.answered(Kind.NOT_JSON, body, "EOF");
        }
        if (FIRST_OF_JSON.indexOf(text.charAt(0)) < 0) {
            throw CallFailed.answered(
                    Kind.NOT_JSON, body, "invalid character '" + text.charAt(0) + "' looking for beginning of value");
        }
        try {
            return JsonObject.parse("the answer", body);
        } catch (MalformedJson notJson) {
            throw CallFailed.answered(Kind.NOT_JSON, body, String.valueOf(notJson.getMessage()));
        }
    }

    /// Where the engine has words of its own for what is missing or wrong.
    private void checkTexts(Call<?, ?> call, JsonObject answer, String body) {
        if (call.equals(Protocol.REQUEST_POOL) && answer.optionalString("Pool") == null) {
            throw CallFailed.answered(Kind.UNUSABLE, body, engine.emptyPool());
        }
        if (call.equals(Protocol.REQUEST_ADDRESS) && answer.optionalString("Address") == null) {
            throw CallFailed.answered(Kind.UNUSABLE, body, engine.noAddress());
        }
        if (call.equals(Protocol.JOIN)) {
            checkGateway("Gateway", answer, body);
            checkGateway("GatewayIPv6", answer, body);
        }
    }

    private static void checkGateway(String name, JsonObject answer, String body) {
        var gateway = answer.optionalString(name);
        if (gateway != null && !isAddress(gateway)) {
            throw CallFailed.answered(Kind.UNUSABLE, body, "unable to parse " + name + " \"" + gateway + "\"");
        }
    }

    /// Java also takes 1.2.3 for an address, Go does not.
    private static boolean isAddress(String text) {
        try {
            return InetAddress.ofLiteral(text) instanceof Inet6Address
                    || text.chars().filter(c -> c == '.').count() == 3;
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }
}
