package dev.weft.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/// A message as text: type, flags, the fixed structure and the attributes, sorted, because their order means nothing to
/// the kernel. Left out is what differs from run to run: sequence number, port and the number of a namespace's file.
/// Reads the bytes by itself, not with the code under test.
final class MessageText {
    /// Lengths of the structures behind the header, by message type.
    private static final Map<Integer, Integer> STRUCTURES =
            Map.of(16, 16, 17, 16, 19, 16, 20, 8, 21, 8, 24, 12, 25, 12, 28, 12, 29, 12, 37, 20);

    /// Attributes of links that hold attributes: IFLA_PROTINFO, IFLA_LINKINFO and in there IFLA_INFO_DATA.
    private static final Set<String> NESTED = Set.of("/12", "/18", "/18/2");

    private MessageText() {}

    static String of(byte[] message) {
        var bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        int type = bytes.getShort(4);
        int structure = STRUCTURES.get(type);
        boolean link = structure == 16;
        return "type " + type + " flags " + Integer.toHexString(bytes.getShort(6)) + " "
                + hex(message, 16, 16 + structure)
                + attributes(message, 16 + structure, bytes.getInt(0), link ? "" : "not a link");
    }

    private static String attributes(byte[] message, int from, int to, String path) {
        var texts = new ArrayList<String>();
        for (int at = from; at + 4 <= to; ) {
            int length = (message[at] & 0xff) | (message[at + 1] & 0xff) << 8;
            int type = (message[at + 2] & 0xff) | (message[at + 3] & 0x3f) << 8;
            texts.add(type + "=" + value(message, at + 4, at + length, path + "/" + type));
            at += (length + 3) & ~3;
        }
        texts.sort(null);
        return texts.toString();
    }

    private static String value(byte[] message, int from, int to, String path) {
        if (path.equals("/18/2/1") && to - from > 16) { // VETH_INFO_PEER: a structure, then attributes as of a link
            return hex(message, from, from + 16) + attributes(message, from + 16, to, "");
        }
        if (NESTED.contains(path)) {
            return attributes(message, from, to, path);
        }
        return path.equals("/28") ? "a namespace" : hex(message, from, to); // IFLA_NET_NS_FD
    }

    private static String hex(byte[] message, int from, int to) {
        return HexFormat.of().formatHex(message, from, to);
    }
}
