package dev.runnel.benchmarks.compare;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The results as a chart: a dot for each time, on a line at 1 the best peer. */
final class ChartReport {

    private static final int ROW_WIDTH = 40;
    private static final int MARGIN = 400;
    private static final int TITLE_WIDTH = 800;
    private static final int HEIGHT = 1100;

    private ChartReport() {}

    /** Writes chart.svg and chart.png into a folder, unless there is no peer to compare with. */
    static void write(Results results, Path folder) throws IOException {
        Map<Row, Map<String, Summary>> summaries = results.summaries();
        if (summaries.values().stream().map(Results::bestPeer).allMatch(OptionalDouble::isEmpty)) {
            return;
        }
        CategoryChart chart =
                new CategoryChartBuilder().width(Math.max(TITLE_WIDTH, MARGIN + ROW_WIDTH * summaries.size()))
                        .height(HEIGHT)
                        .title("Runnel and its peers: time for an element, the best peer's is 1")
                        .yAxisTitle("times the best peer's")
                        .build();
        chart.getStyler()
                .setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Scatter)
                .setYAxisLogarithmic(true)
                .setXAxisLabelRotation(90)
                // Closer than the rows are, or labels would be left out.
                .setXAxisTickMarkSpacingHint(ROW_WIDTH / 2)
                .setLegendPosition(LegendPosition.OutsideE)
                .setChartBackgroundColor(Color.WHITE);
        List<String> titles = summaries.keySet().stream().map(Row::title).toList();
        for (String subject : results.subjects()) {
            List<Double> times = new ArrayList<>();
            summaries.values().forEach(row -> times.add(relative(row, subject)));
            if (times.stream().anyMatch(Objects::nonNull)) {
                chart.addSeries(subject, titles, times);
            }
        }
        for (String format : List.of("svg", "png")) {
            Files.write(folder.resolve("chart." + format), ChartEncoder.getBytes(chart, format));
        }
    }

    private static Double relative(Map<String, Summary> row, String subject) {
        Summary summary = row.get(subject);
        OptionalDouble best = Results.bestPeer(row);
        return summary == null || best.isEmpty() ? null : summary.nanos() / best.getAsDouble();
    }
}
