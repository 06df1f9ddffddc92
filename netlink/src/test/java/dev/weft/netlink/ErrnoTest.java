package dev.weft.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ErrnoTest {
    @ParameterizedTest
    @EnumSource
    void number_text_and_name_are_those_of_the_C_library(Errno errno) throws Throwable {
        assertThat(Errno.explain(errno.number()))
                .isEqualTo(libc("strerror", errno.number()) + " (" + libc("strerrorname_np", errno.number()) + ")");
    }

    @Test
    void an_unknown_number_is_shown() {
        assertThat(Errno.explain(4711)).isEqualTo("error 4711");
    }

    private static String libc(String function, int errno) throws Throwable {
        var linker = Linker.nativeLinker();
        var call = linker.downcallHandle(
                linker.defaultLookup().findOrThrow(function), FunctionDescriptor.of(ADDRESS, JAVA_INT));
        var text = (MemorySegment) call.invokeExact(errno);
        return text.reinterpret(Long.MAX_VALUE).getString(0);
    }
}
