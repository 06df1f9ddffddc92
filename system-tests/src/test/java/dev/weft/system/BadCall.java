package dev.weft.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/// What somebody might send to a plugin's socket, and the answer.
///
/// @param answer the whole sentence of a refusal or, if it ends in `…`, its beginning; for a call that succeeds, the
/// body
/// @param refused whether the answer is a sentence
record BadCall(String name, byte[] bytes, int status, String answer, boolean refused) {
    private static final String PATH = "/NetworkDriver.";

    /// A call that does not come to the driver.
    static BadCall malformed(String name, String method, String body, String sentence) {
        return new BadCall(name, call(method, body), 400, sentence, true);
    }

    /// A body which is no JSON object.
    static BadCall notJson(String name, String body, String problem) {
        return malformed(name, "DeleteNetwork", body, "the call's body is not a JSON object: " + problem);
    }

    /// A call to which the driver says no.
    static BadCall refused(String name, String method, String body, String sentence) {
        return new BadCall(name, call(method, body), 200, sentence, true);
    }

    /// A call that changes nothing and succeeds, as engines need it.
    static BadCall taken(String name, String method, String body, String answer) {
        return new BadCall(name, call(method, body), 200, answer, false);
    }

    /// Bytes that are no call at all.
    static BadCall raw(String name, String bytes, int status, String sentence) {
        return raw(name, bytes.getBytes(UTF_8), status, sentence);
    }

    static BadCall raw(String name, byte[] bytes, int status, String sentence) {
        return new BadCall(name, bytes, status, sentence, true);
    }

    static byte[] call(String method, String body) {
        return request("POST " + PATH + method, body);
    }

    static byte[] request(String methodAndPath, String body) {
        return request(methodAndPath, body.getBytes(UTF_8));
    }

    /// As engine 28.5 writes it.
    static byte[] request(String methodAndPath, byte[] body) {
        var head = methodAndPath + " HTTP/1.1\r\nHost: plugin.moby.localhost\r\nUser-Agent: Go-http-client/1.1\r\n"
                + "Content-Length: " + body.length + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n";
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.getBytes(UTF_8));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        return name;
    }
}
