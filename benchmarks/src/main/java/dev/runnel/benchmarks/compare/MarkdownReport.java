package dev.runnel.benchmarks.compare;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The results as tables. */
final class MarkdownReport {

    private static final String NONE = "–";

    private static final String TIME = """

            ## Time

            Nanoseconds for an element, the median; the fastest in bold. Ratio is Runnel's time as a multiple of the
            best peer's, with ▲ where that is above 1.0, so where a peer is faster. A dash is what a subject cannot do,
            or what was not measured.

            """;

    private static final String DETAILS = """

            ## CPU time, bytes, spread

            For an element, the medians: nanoseconds of CPU time of the whole process; bytes allocated, or kept where
            goroutines are parked; and how far the middle half of the times lies apart, in percent of their median.

            """;

    private final Results results;
    private final StringBuilder text = new StringBuilder();

    private MarkdownReport(Results results) {
        this.results = results;
    }

    static String of(Results results) {
        return new MarkdownReport(results).write();
    }

    private String write() {
        Map<Row, Map<String, Summary>> summaries = results.summaries();
        text.append("# Runnel and its peers\n\n");
        results.about()
                .forEach((name, value) -> text.append("- ").append(name).append(": ").append(value).append('\n'));
        text.append("- measured: ").append(results.pace()).append('\n');
        text.append(TIME);
        times(summaries);
        OptionalDouble mean = results.meanRatio();
        if (mean.isPresent()) {
            text.append("\nGeometric mean of the ratios: ").append(ratio(mean)).append('\n');
        }
        text.append(DETAILS);
        table(summaries, List.of(), (row, subject) -> details(row.get(subject)), row -> List.of());
        leftOut();
        return text.toString();
    }

    private void times(Map<Row, Map<String, Summary>> summaries) {
        table(summaries, List.of("ratio"), MarkdownReport::time, row -> List.of(ratio(Results.ratio(row))));
    }

    private interface CellText {
        String of(Map<String, Summary> row, String subject);
    }

    private void table(Map<Row, Map<String, Summary>> summaries, List<String> more, CellText cell,
            Function<Map<String, Summary>, List<String>> moreCells) {
        List<String> header = new ArrayList<>(List.of("workload"));
        header.addAll(results.subjects());
        header.addAll(more);
        line(header);
        text.append("|---").append("|--:".repeat(header.size() - 1)).append("|\n");
        summaries.forEach((row, of) -> {
            List<String> cells = new ArrayList<>(List.of(row.title()));
            results.subjects().forEach(subject -> cells.add(cell.of(of, subject)));
            cells.addAll(moreCells.apply(of));
            line(cells);
        });
    }

    private void line(List<String> cells) {
        text.append(cells.stream().collect(joining(" | ", "| ", " |\n")));
    }

    private static String time(Map<String, Summary> row, String subject) {
        Summary summary = row.get(subject);
        if (summary == null) {
            return NONE;
        }
        double best = row.values().stream().mapToDouble(Summary::nanos).min().orElseThrow();
        return summary.nanos() == best ? "**" + number(best) + "**" : number(summary.nanos());
    }

    private static String ratio(OptionalDouble ratio) {
        if (ratio.isEmpty()) {
            return NONE;
        }
        String number = String.format(Locale.ROOT, "%.2f", ratio.getAsDouble());
        return ratio.getAsDouble() > 1 ? number + " ▲" : number;
    }

    private static String details(Summary summary) {
        if (summary == null) {
            return NONE;
        }
        String bytes = summary.bytes().isPresent() ? number(summary.bytes().getAsDouble()) + " B" : NONE;
        return number(summary.cpuNanos()) + " ns, " + bytes + ", " + Math.round(100 * summary.spread()) + " %";
    }

    /** A number with the digits that can mean something. */
    static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.1f" : "%.0f", value);
    }

    private void leftOut() {
        if (results.leftOut().isEmpty()) {
            return;
        }
        text.append("\n## Left out\n\n");
        results.leftOut()
                .stream()
                .collect(groupingBy(left -> left.subject() + ": " + left.reason(), LinkedHashMap::new,
                        mapping(left -> left.row() == null ? "everything" : left.row().title(), joining("; "))))
                .forEach((reason, rows) -> text.append("- ").append(reason).append(" (").append(rows).append(")\n"));
    }
}
