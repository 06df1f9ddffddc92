package dev.weft.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TableTest {
    @Test
    void columns_are_as_wide_as_what_is_in_them() {
        var table = new Table("A", "B");
        table.row("1234", "x");
        table.row("", "two\nlines");
        assertThat(table).hasToString("A     B\n1234  x\n      two\n      lines");
    }

    @Test
    void what_does_not_fit_80_characters_goes_on_below() {
        var table = new Table("NAME", "SENTENCE", "X");
        table.row("one", "a sentence of words that is longer than the column that is left for it in the table", "x");
        table.row("two", "/a/path/" + "y".repeat(90), "z");
        assertThat(table).hasToString("""
                NAME  SENTENCE                                                                 X
                one   a sentence of words that is longer than the column that is left for it   x
                      in the table
                two   /a/path/                                                                 z
                      yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
                      yyyyyyyyyyyyyyyyyyy""");
    }
}
