package dev.weft.netlink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// A conversation of ip(8) or bridge(8) with the kernel, recorded by `captured/capture.py`; the file says of what.
record Captured(List<byte[]> sent, List<byte[]> received) {
    static Captured of(String name) {
        var sent = new ArrayList<byte[]>();
        var received = new ArrayList<byte[]>();
        for (String line : lines(name)) {
            if (line.startsWith("> ")) {
                sent.add(HexFormat.of().parseHex(line, 2, line.length()));
            } else if (line.startsWith("< ")) {
                received.add(HexFormat.of().parseHex(line, 2, line.length()));
            }
        }
        return new Captured(sent, received);
    }

    private static List<String> lines(String name) {
        try (var file = Captured.class.getResourceAsStream("/captured/" + name + ".hex")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// The request that the command was about: the tools look things up first.
    byte[] request() {
        return sent.getLast();
    }

    /// The decoded messages of one type in all that was received.
    <T> List<T> decode(int type, Exchange.Decoder<T> decoder) {
        var decoded = new ArrayList<T>();
        for (byte[] datagram : received) {
            var messages = new Messages(ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder()));
            while (messages.next()) {
                if (messages.type() == type) {
                    T object = decoder.decode(messages.body());
                    if (object != null) {
                        decoded.add(object);
                    }
                }
            }
        }
        return decoded;
    }
}
