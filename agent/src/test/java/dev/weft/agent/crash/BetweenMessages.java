package dev.weft.agent.crash;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;

/// A step is several messages to the kernel, and the agent can die between two of them. No interface is there: the
/// class that sends them is served to the [Victim] with a call of [Victim#beforeMessage] in it.
final class BetweenMessages {
    private static final String CLASS = "dev/weft/netlink/Conversation.class";

    /// Sends as many changes as go into one datagram.
    private static final String METHOD = "sendSome";

    private BetweenMessages() {}

    /// Writes the class to a folder that stands first in the class path of the victim.
    static void write(Path folder) throws IOException {
        var classes = ClassFile.of();
        byte[] original;
        try (var file = ClassLoader.getSystemResourceAsStream(CLASS)) {
            original = file.readAllBytes();
        }
        var model = classes.parse(original);
        if (model.methods().stream().noneMatch(method -> method.methodName().equalsString(METHOD))) {
            throw new AssertionError(CLASS + " has no method " + METHOD + ": name the one that sends changes");
        }
        var changed = classes.transformClass(
                model,
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString(METHOD), new Call()));
        var file = folder.resolve(CLASS);
        Files.createDirectories(file.getParent());
        Files.write(file, changed);
    }

    private static final class Call implements CodeTransform {
        @Override
        public void atStart(CodeBuilder code) {
            code.invokestatic(
                    ClassDesc.of(Victim.class.getName()), "beforeMessage", MethodTypeDesc.of(ConstantDescs.CD_void));
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            code.with(element);
        }
    }
}
