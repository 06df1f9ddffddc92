package dev.weft.agent.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Columns of text, as wide as they need to be and 80 characters together at most: what does not fit goes on below.
final class Table {
    static final int WIDTH = 80;

    private static final String GAP = "  ";
    private static final int NARROWEST = 8;
    private static final int SHORT_ID = 12;

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        row(headings);
    }

    static Table withoutHeadings() {
        var table = new Table();
        table.rows.clear();
        return table;
    }

    /// @param cells one for each heading; a cell may have several lines
    void row(String... cells) {
        rows.add(List.of(cells));
    }

    /// Without a line break at the end, and without spaces at the ends of lines.
    @Override
    public String toString() {
        var widths = widths();
        var lines = new ArrayList<String>();
        for (var row : rows) {
            var cells = new ArrayList<List<String>>();
            for (int column = 0; column < widths.length; column++) {
                cells.add(wrapped(row.get(column), widths[column]));
            }
            int height = cells.stream().mapToInt(List::size).max().orElse(0);
            for (int line = 0; line < height; line++) {
                lines.add(line(cells, line, widths));
            }
        }
        return String.join("\n", lines);
    }

    /// As wide as the longest line of each column; then the widest but the first, which has names, is narrowed until
    /// all fit.
    private int[] widths() {
        var widths = new int[rows.getFirst().size()];
        for (var row : rows) {
            for (int column = 0; column < widths.length; column++) {
                int longest =
                        row.get(column).lines().mapToInt(String::length).max().orElse(0);
                widths[column] = Math.max(widths[column], longest);
            }
        }
        int room = WIDTH - GAP.length() * (widths.length - 1);
        while (Arrays.stream(widths).sum() > room) {
            int widest = widest(widths);
            if (widths[widest] <= NARROWEST) {
                break;
            }
            widths[widest]--;
        }
        return widths;
    }

    private static int widest(int[] widths) {
        int widest = widths.length - 1;
        for (int column = 1; column < widths.length; column++) {
            if (widths[column] > widths[widest]) {
                widest = column;
            }
        }
        return widest;
    }

    /// The lines of a cell, none longer than the width.
    static List<String> wrapped(String cell, int width) {
        var lines = new ArrayList<String>();
        for (var line : cell.split("\n", -1)) {
            var rest = line;
            while (rest.length() > width) {
                int end = breakBefore(rest, width);
                lines.add(rest.substring(0, end).stripTrailing());
                rest = rest.substring(end).stripLeading();
            }
            lines.add(rest);
        }
        return lines;
    }

    /// Behind the last space or `/` that fits; in the middle of a word if there is none.
    private static int breakBefore(String text, int width) {
        if (text.charAt(width) == ' ') {
            return width;
        }
        int end = Math.max(text.lastIndexOf(' ', width - 1), text.lastIndexOf('/', width - 1)) + 1;
        return end > 1 ? end : width;
    }

    /// The first twelve characters, as Docker shows ids.
    static String shortId(String id) {
        return id.substring(0, Math.min(SHORT_ID, id.length()));
    }

    private static String line(List<List<String>> cells, int line, int[] widths) {
        var text = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            var part = line < cells.get(column).size() ? cells.get(column).get(line) : "";
            text.append(part).repeat(" ", widths[column] - part.length()).append(GAP);
        }
        return text.toString().stripTrailing();
    }
}
