package dev.weft.plugin.wire;

import dev.weft.json.JsonObject;
import dev.weft.json.MalformedJson;

/// One call of the protocol.
///
/// @param path     such as `/NetworkDriver.Join`
/// @param hasBody  whether the engine sends a body; without one a call that needs it is a resend, and refused
public record Call<Q, A>(String path, boolean hasBody, Shape<Q> request, Shape<A> reply) {
    /// Reads the body of a call that has one.
    ///
    /// @throws MalformedJson also if there is none, which is how engines repeat a call whose connection died
    public Q read(String body) {
        if (body.isBlank()) {
            throw new MalformedJson("the call came without a body, as engines repeat a call that the plugin left "
                    + "unanswered. Run the docker command again.");
        }
        return request.read().apply(JsonObject.parse("the call", body));
    }
}
