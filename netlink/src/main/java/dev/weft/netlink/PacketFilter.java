package dev.weft.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Which frames reach a [PacketSocket]: a program in the kernel's classic BPF (linux/filter.h), run where the frame
/// arrives, so that the others cost neither a copy nor a wakeup.
///
/// @param program carried out from the first instruction on, for each frame
public record PacketFilter(List<Instruction> program) {
    /// struct sock_filter.
    ///
    /// @param code        BPF_* (linux/bpf_common.h)
    /// @param ifTrue      instructions to skip after a comparison that holds
    /// @param ifFalse     instructions to skip after one that does not
    /// @param operand     a constant, or an offset in the frame
    public record Instruction(int code, int ifTrue, int ifFalse, int operand) {
        private static final int SIZE = 8;
    }

    // linux/bpf_common.h, linux/filter.h
    private static final int LOAD_WORD = 0x20;
    private static final int LOAD_HALF = 0x28;
    private static final int LOAD_BYTE = 0x30;
    private static final int IF_EQUAL = 0x15;
    private static final int IF_GREATER = 0x25;
    private static final int RETURN = 0x06;
    private static final int PACKET_TYPE = -0x1000 + 4; // SKF_AD_OFF + SKF_AD_PKTTYPE

    // linux/if_packet.h: PACKET_HOST, PACKET_BROADCAST and PACKET_MULTICAST are 0 to 2
    private static final int PACKET_MULTICAST = 2;

    // Offsets in an Ethernet frame without a VLAN tag (the kernel has taken that off), and in an IPv6 header behind it
    private static final int ETHER_TYPE = 12;
    private static final int NEXT_HEADER = 20;
    private static final int ICMPV6_TYPE = 54;
    private static final int ICMPV6 = 58;
    private static final int NEIGHBOR_SOLICITATION = 135;
    private static final int NEIGHBOR_ADVERTISEMENT = 136;

    private static final int WHOLE_FRAME = 0x40000;

    // struct sock_fprog: a u16 and, aligned, a pointer
    private static final long FPROG = 2 * Long.BYTES;

    /// ARP, and ICMPv6 neighbor solicitations and advertisements, as far as they are meant for the link: to its own
    /// address, to a group or to all. Frames of a VLAN without a link of its own, and those that only come because
    /// somebody listens to everything, are meant for others.
    public static final PacketFilter NEIGHBOR_MESSAGES = new PacketFilter(List.of(
            new Instruction(LOAD_WORD, 0, 0, PACKET_TYPE),
            new Instruction(IF_GREATER, 9, 0, PACKET_MULTICAST),
            new Instruction(LOAD_HALF, 0, 0, ETHER_TYPE),
            new Instruction(IF_EQUAL, 6, 0, PacketSocket.ARP),
            new Instruction(IF_EQUAL, 0, 6, PacketSocket.IPV6),
            new Instruction(LOAD_BYTE, 0, 0, NEXT_HEADER),
            new Instruction(IF_EQUAL, 0, 4, ICMPV6),
            new Instruction(LOAD_BYTE, 0, 0, ICMPV6_TYPE),
            new Instruction(IF_EQUAL, 1, 0, NEIGHBOR_SOLICITATION),
            new Instruction(IF_EQUAL, 0, 1, NEIGHBOR_ADVERTISEMENT),
            new Instruction(RETURN, 0, 0, WHOLE_FRAME),
            new Instruction(RETURN, 0, 0, 0)));

    /// BPF_MAXINSNS, linux/bpf_common.h.
    private static final int LONGEST = 4096;

    public PacketFilter {
        program = List.copyOf(program);
        if (program.isEmpty() || program.size() > LONGEST) {
            throw new IllegalArgumentException(
                    "a packet filter has 1 to " + LONGEST + " instructions, not " + program.size());
        }
    }

    /// struct sock_fprog, valid as long as the arena.
    MemorySegment toNative(Arena arena) {
        var instructions = arena.allocate((long) program.size() * Instruction.SIZE, Integer.BYTES);
        for (int i = 0; i < program.size(); i++) {
            var instruction = program.get(i);
            long at = (long) i * Instruction.SIZE;
            instructions.set(JAVA_SHORT, at, (short) instruction.code);
            instructions.set(JAVA_BYTE, at + 2, (byte) instruction.ifTrue);
            instructions.set(JAVA_BYTE, at + 3, (byte) instruction.ifFalse);
            instructions.set(JAVA_INT, at + 4, instruction.operand);
        }
        var fprog = arena.allocate(FPROG, Long.BYTES);
        fprog.set(JAVA_SHORT, 0, (short) program.size());
        fprog.set(ADDRESS, Long.BYTES, instructions);
        return fprog;
    }
}
