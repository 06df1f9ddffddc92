package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("lab")
class GoCompilerTest {
    @TempDir
    Path folder;

    private void build(String body) throws IOException {
        Files.writeString(folder.resolve("main.go"), """
                package main

                import (
                	"fmt"

                	"github.com/vishvananda/netlink"
                )

                func main() {
                	%s
                }
                """.formatted(body));
        GoCompiler.ofThisMachine().build(folder, folder.resolve("program"));
    }

    @Test
    void a_program_is_built_with_the_netlink_library() throws IOException {
        build("fmt.Println(netlink.NewLinkAttrs().TxQLen)");
        assertThat(Command.of(folder.resolve("program").toString()).run().ok().out())
                .isEqualTo("-1\n");
    }

    @Test
    void what_the_compiler_refuses_is_told() {
        assertThatThrownBy(() -> build("fmt.Println(netlink.NoSuchName)"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("NoSuchName");
    }
}
