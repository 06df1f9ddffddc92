package dev.weft.inet;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// An address as text in its one canonical form: dotted decimal, or RFC 5952 (`fd00::5`), which the JDK does not write.
public final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    public static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? address.getHostAddress() : compressed(bytes);
    }

    /// The longest run of two or more zero groups, the first of equals, becomes `::`.
    private static String compressed(byte[] bytes) {
        var groups = new ArrayList<String>();
        for (int i = 0; i < GROUPS; i++) {
            groups.add(Integer.toHexString((bytes[2 * i] & 0xff) << Byte.SIZE | (bytes[2 * i + 1] & 0xff)));
        }
        int start = 0;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = zerosFrom(groups, i);
            if (zeros > length) {
                start = i;
                length = zeros;
            }
        }
        if (length == 1) {
            return String.join(":", groups);
        }
        return String.join(":", groups.subList(0, start)) + "::"
                + String.join(":", groups.subList(start + length, GROUPS));
    }

    private static int zerosFrom(List<String> groups, int start) {
        int end = start;
        while (end < GROUPS && groups.get(end).equals("0")) {
            end++;
        }
        return end - start;
    }
}
