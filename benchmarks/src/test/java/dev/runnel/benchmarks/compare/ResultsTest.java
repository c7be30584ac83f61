package dev.runnel.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.benchmarks.Workloads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResultsTest {

    private static final Row PING_PONG = new Row(Workloads.named("ping-pong"), Setting.ALL_CARRIERS);
    private static final Row START = new Row(Workloads.named("start"), Setting.ONE_CARRIER);

    private static Stream<Sample> samples(Row row, String subject, double... nanos) {
        return DoubleStream.of(nanos)
                .mapToObj(time -> new Sample(row, subject, 1, new Figures(time, 2 * time, time / 10)));
    }

    private static Results results(List<LeftOut> leftOut) {
        List<Sample> samples = Stream
                .of(samples(PING_PONG, "runnel", 400, 200, 300), samples(PING_PONG, "jox", 600, 1000),
                        samples(PING_PONG, "kotlin", 200), samples(START, "runnel", 100), samples(START, "kotlin", 600))
                .flatMap(stream -> stream)
                .toList();
        return new Results(Map.of("date", "today"), new Pace(1, 1, 3, Duration.ofMillis(1)),
                List.of("runnel", "jox", "kotlin"), samples, leftOut);
    }

    @Test
    void summary_oddAndEvenCounts_givesMedianAndSpread() {
        Summary odd = Summary.of(List.of(new Figures(40, 1, 8.0), new Figures(20, 3, 6.0), new Figures(30, 2, 7.0)));
        assertEquals(30, odd.nanos());
        assertEquals(10.0 / 30, odd.spread(), 1e-9);
        assertEquals(2, odd.cpuNanos());
        assertEquals(7, odd.bytes().orElseThrow());

        Summary even = Summary.of(List.of(new Figures(10, 1, null), new Figures(20, 1, null)));
        assertEquals(15, even.nanos());
        assertTrue(even.bytes().isEmpty());
    }

    @Test
    void ratio_ofOurs_isToTheFastestPeer() {
        Results results = results(List.of());
        assertEquals(1.5, Results.ratio(results.summaries().get(PING_PONG)).orElseThrow());
        assertEquals(100.0 / 600, Results.ratio(results.summaries().get(START)).orElseThrow());
        assertEquals(0.5, results.meanRatio().orElseThrow(), 1e-9);
    }

    @Test
    void ratio_withoutUsOrPeers_isNone() {
        Summary summary = Summary.of(List.of(new Figures(1, 1, 1.0)));
        assertTrue(Results.ratio(Map.of("runnel", summary)).isEmpty());
        assertTrue(Results.ratio(Map.of("jox", summary)).isEmpty());
        assertTrue(Results.geometricMean(DoubleStream.empty()).isEmpty());
    }

    @Test
    void markdown_ofResults_marksBestAndSlower() {
        String text = MarkdownReport.of(results(List.of(
                new LeftOut(START, "jox", "it has no goroutines of its own", false),
                new LeftOut(null, "go", "no go found", false))));
        assertContains(text, "| workload | runnel | jox | kotlin | ratio |");
        assertContains(text, "| ping-pong, a round trip | 300 | 800 | **200** | 1.50 ▲ |");
        assertContains(text, "| start a goroutine, one carrier | **100** | – | 600 | 0.17 |");
        assertContains(text, "Geometric mean of the ratios: 0.50\n");
        assertContains(text, "| ping-pong, a round trip | 600 ns, 30 B, 33 % | 1600 ns, 80 B, 25 % |");
        assertContains(text, "- jox: it has no goroutines of its own (start a goroutine, one carrier)\n");
        assertContains(text, "- go: no go found (everything)\n");
        assertContains(text, "- date: today\n");
    }

    @Test
    void markdown_nothingMeasured_hasEmptyTables() {
        String text = MarkdownReport.of(new Results(Map.of(), Pace.SHORT, List.of("runnel"), List.of(), List.of()));
        assertContains(text, "| workload | runnel | ratio |");
        assertTrue(!text.contains("Geometric"), text);
    }

    private static void assertContains(String text, String part) {
        assertTrue(text.contains(part), () -> "no \"" + part + "\" in\n" + text);
    }
}
