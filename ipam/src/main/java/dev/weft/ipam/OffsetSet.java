package dev.weft.ipam;

import org.jspecify.annotations.Nullable;

/// A set of whole numbers from 0 that finds the next one it does not have, in time that grows with the bits of the
/// largest number alone: six bits to a level of a tree, each of whose nodes knows which of its 64 parts are full.
final class OffsetSet {
    private static final int BITS = 6;
    private static final int FANOUT = 1 << BITS;
    private static final long FULL = -1L;

    /// At the lowest level a bit is a number, and there are no parts.
    private static final class Node {
        private final @Nullable Node[] parts;
        private long full;

        Node(int level) {
            parts = level == 0 ? new Node[0] : new Node[FANOUT];
        }
    }

    /// Of the root; the lowest is 0.
    private final int height;

    private final long bound;
    private final Node root;
    private long size;

    /// @param bound more than the largest number, at least 1
    OffsetSet(long bound) {
        this.bound = bound;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(bound - 1);
        height = Math.max(0, (bits - 1) / BITS);
        root = new Node(height);
    }

    /// How many it has.
    long size() {
        return size;
    }

    boolean contains(long number) {
        var node = root;
        for (int level = height; node != null; level--) {
            int index = index(number, level);
            if ((node.full & (1L << index)) != 0) {
                return true;
            }
            if (level == 0) {
                return false;
            }
            node = node.parts[index];
        }
        return false;
    }

    /// False if it was there.
    boolean add(long number) {
        boolean added = add(root, height, number);
        if (added) {
            size++;
        }
        return added;
    }

    private static boolean add(Node node, int level, long number) {
        long bit = 1L << index(number, level);
        if ((node.full & bit) != 0) {
            return false;
        }
        if (level == 0) {
            node.full |= bit;
            return true;
        }
        var part = node.parts[index(number, level)];
        if (part == null) {
            part = new Node(level - 1);
            node.parts[index(number, level)] = part;
        }
        boolean added = add(part, level - 1, number);
        if (part.full == FULL) {
            node.full |= bit;
        }
        return added;
    }

    /// False if it was not there.
    boolean remove(long number) {
        boolean removed = remove(root, height, number);
        if (removed) {
            size--;
        }
        return removed;
    }

    private static boolean remove(Node node, int level, long number) {
        long bit = 1L << index(number, level);
        var part = level == 0 ? null : node.parts[index(number, level)];
        boolean there = part == null ? (node.full & bit) != 0 : remove(part, level - 1, number);
        if (there) {
            node.full &= ~bit;
        }
        return there;
    }

    /// The least number from `start` on that it does not have; it may be the bound or more.
    long nextAbsent(long start) {
        long found = nextAbsent(root, height, start);
        return found >= 0 ? found : bound;
    }

    /// -1 if the node has all of them. Numbers are those of the node: bits of higher levels do not count.
    private static long nextAbsent(Node node, int level, long start) {
        int first = index(start, level);
        long open = ~node.full & (FULL << first);
        while (open != 0) {
            int index = Long.numberOfTrailingZeros(open);
            long begin = (long) index << (level * BITS);
            if (level == 0) {
                return begin;
            }
            var part = node.parts[index];
            long from = index == first ? start & ((1L << (level * BITS)) - 1) : 0;
            if (part == null) {
                return begin + from;
            }
            long found = nextAbsent(part, level - 1, from);
            if (found >= 0) {
                return begin + found;
            }
            open &= open - 1;
        }
        return -1;
    }

    private static int index(long number, int level) {
        return (int) (number >>> (level * BITS)) & (FANOUT - 1);
    }
}
