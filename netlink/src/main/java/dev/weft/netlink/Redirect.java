package dev.weft.netlink;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Sends every packet out on another link instead: a match of everything (tc-u32(8)) with one action (tc-mirred(8)).
///
/// @param target index of that link
public record Redirect(int target) implements FilterKind {
    // linux/pkt_cls.h
    private static final int TCA_U32_SEL = 5;
    private static final int TCA_U32_ACT = 7;
    private static final int TC_U32_TERMINAL = 1;
    private static final int TCA_ACT_KIND = 1;
    private static final int TCA_ACT_OPTIONS = 2;
    private static final int TC_ACT_STOLEN = 4;
    private static final int FIRST_ACTION = 1;

    // struct tc_u32_sel and, behind it, struct tc_u32_key
    private static final int SELECTOR = 16;
    private static final int KEYS_OFFSET = 2;
    private static final int KEY = 16;

    // linux/tc_act/tc_mirred.h; struct tc_mirred
    private static final int TCA_MIRRED_PARMS = 2;
    private static final int TCA_EGRESS_REDIR = 1;
    private static final int MIRRED = 28;
    private static final int WHAT_OFFSET = 20;
    private static final int TARGET_OFFSET = 24;

    @Override
    public String kindName() {
        return "u32";
    }

    void encode(MessageWriter out) {
        int actions = out.begin(TCA_U32_ACT);
        int action = out.begin(FIRST_ACTION);
        out.attributeZeroTerminated(TCA_ACT_KIND, "mirred");
        int options = out.begin(TCA_ACT_OPTIONS | Kernel.NLA_F_NESTED);
        int parameters = out.begin(TCA_MIRRED_PARMS);
        out.u32(0).u32(0).u32(TC_ACT_STOLEN).u32(0).u32(0).u32(TCA_EGRESS_REDIR).u32(target);
        out.end(parameters);
        out.end(options);
        out.end(action);
        out.end(actions);
        int selector = out.begin(TCA_U32_SEL);
        out.u8(TC_U32_TERMINAL).u8(0).u8(1).u8(0).u32(0).u32(0).u32(0);
        out.u32(0).u32(0).u32(0).u32(0); // one key: no bit of the packet counts
        out.end(selector);
    }

    static FilterKind decode(Attributes options) {
        boolean everything = false;
        int target = 0;
        while (options.next()) {
            switch (options.type()) {
                case TCA_U32_SEL -> everything = matchesEverything(options);
                case TCA_U32_ACT -> target = decodeActions(options.nested());
                default -> {}
            }
        }
        return everything && target != 0 ? new Redirect(target) : new Other("u32");
    }

    private static boolean matchesEverything(Attributes selector) {
        int keys = Byte.toUnsignedInt(selector.structure(SELECTOR).get(KEYS_OFFSET));
        var bytes = selector.structure(SELECTOR + keys * KEY);
        for (int key = 0; key < keys; key++) {
            if (bytes.getInt(SELECTOR + key * KEY) != 0) { // its mask
                return false;
            }
        }
        return true;
    }

    /// @return 0 unless there is one action alone, and it redirects
    private static int decodeActions(Attributes actions) {
        int target = 0;
        for (int count = 0; actions.next(); count++) {
            target = count == 0 ? decodeAction(actions.nested()) : 0;
        }
        return target;
    }

    private static int decodeAction(Attributes action) {
        String kindName = "";
        Attributes options = null;
        while (action.next()) {
            switch (action.type()) {
                case TCA_ACT_KIND -> kindName = action.text();
                case TCA_ACT_OPTIONS -> options = action.nested();
                default -> {}
            }
        }
        return kindName.equals("mirred") && options != null ? decodeMirred(options) : 0;
    }

    private static int decodeMirred(Attributes options) {
        ByteBuffer parameters = parameters(options);
        return parameters != null && parameters.getInt(WHAT_OFFSET) == TCA_EGRESS_REDIR
                ? parameters.getInt(TARGET_OFFSET)
                : 0;
    }

    private static @Nullable ByteBuffer parameters(Attributes options) {
        while (options.next()) {
            if (options.type() == TCA_MIRRED_PARMS) {
                return options.structure(MIRRED);
            }
        }
        return null;
    }
}
