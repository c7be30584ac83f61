package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class LogPipelineTest {

    private static List<String> section(Ended ended, String title) {
        List<String> lines = ended.lines();
        int from = lines.indexOf(title) + 1;
        int to = from;
        while (to < lines.size() && lines.get(to).startsWith("  ")) {
            to++;
        }
        return lines.subList(from, to).stream().map(line -> line.strip().replaceAll(" +", " ")).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 50})
    void report_shippedLog_isRightWithAnyNumberOfWorkers(int workers) throws Exception {
        List<String> log = Shipped.lines("app.log");
        TreeMap<String, Integer> levels = new TreeMap<>();
        TreeMap<String, Integer> minutes = new TreeMap<>();
        TreeMap<String, int[]> paths = new TreeMap<>();
        List<String[]> requests = new ArrayList<>(); // duration, line number, words
        for (int i = 0; i < log.size(); i++) {
            String[] words = log.get(i).split(" ");
            if (log.get(i).contains("ms")) {
                requests.add(new String[] {words[5].replace("ms", ""), "" + (i + 1), words[4], words[2], words[3]});
            }
        }
        // the sort is stable: those that took equally long stay in the order of the log
        requests.sort(Comparator.comparing((String[] request) -> -Integer.parseInt(request[0])));
        List<String> slowest = requests.stream()
                .limit(7)
                .map(r -> r[0] + " ms " + r[2] + " " + r[3] + " " + r[4] + " (line " + r[1] + ")")
                .toList();
        for (String line : log) {
            String[] words = line.split(" ");
            levels.merge(words[1], 1, Integer::sum);
            if (line.contains("ms")) {
                minutes.merge(words[0].substring(0, 16), 1, Integer::sum);
                int[] counts = paths.computeIfAbsent(words[3], path -> new int[2]);
                counts[0] += words[4].startsWith("5") ? 1 : 0;
                counts[1]++;
            }
        }
        Ended ended = ExampleProcess.run("pipeline", "--workers", "" + workers, "--slowest", "7");

        assertEquals(0, ended.code(), ended::toString);
        assertEquals(log.size() + " lines, 0 of them are not log lines", ended.line("lines"));
        assertEquals("Levels: " + levels, ended.line("Levels"));
        assertEquals(slowest, section(ended, "Slowest requests"));
        assertEquals(minutes.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList(),
                section(ended, "Requests per minute"));
        assertEquals(
                paths.entrySet()
                        .stream()
                        .map(e -> String.format(Locale.ROOT, "%s %d of %d %.1f %%", e.getKey(), e.getValue()[0],
                                e.getValue()[1], 100.0 * e.getValue()[0] / e.getValue()[1]))
                        .toList(),
                section(ended, "Requests with a status of 500 and above, by path"));
        assertEquals("Goroutines left: 0", ended.lines().getFirst());
    }

    @Test
    void report_linesThatAreNotLogLines_areCountedAndShown(@TempDir Path directory) throws Exception {
        Path log = Files.writeString(directory.resolve("mixed.log"), """
                2026-11-20T06:00:01.331Z INFO GET /a 200 35ms
                Exception in thread "main"
                    at Shop.main

                2026-11-20T06:00:02.000Z ERROR POST /a 503 7ms upstream timed out
                2026-11-20 06:00:02 INFO GET /a 200 35ms
                2026-11-20T06:01:02.000Z INFO started
                """);
        Ended ended = ExampleProcess.run("pipeline", log.toString());

        assertEquals("7 lines, 4 of them are not log lines", ended.line("lines"));
        assertEquals("  line 2: Exception in thread \"main\"", ended.line("line 2"));
        assertEquals("Levels: {ERROR=1, INFO=2}", ended.line("Levels"));
        assertEquals(List.of("35 ms 200 GET /a (line 1)", "7 ms 503 POST /a (line 5)"),
                section(ended, "Slowest requests"));
        assertEquals(List.of("2026-11-20T06:00 2"), section(ended, "Requests per minute"));
        assertEquals(0, ended.code());
    }

    @Test
    void report_manyEquallySlow_showsThoseThatComeFirstInTheLog(@TempDir Path directory) throws Exception {
        Path log = Files.writeString(directory.resolve("even.log"),
                "2026-11-20T06:00:01.331Z INFO GET /a 200 35ms\n".repeat(5000));
        Ended ended = ExampleProcess.run("pipeline", log.toString(), "--workers", "20", "--slowest", "3");

        assertEquals(List.of("35 ms 200 GET /a (line 1)", "35 ms 200 GET /a (line 2)", "35 ms 200 GET /a (line 3)"),
                section(ended, "Slowest requests"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void strict_oneLineOfManyIsNotALogLine_endsAllStages(int workers, @TempDir Path directory) throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            lines.addAll(Shipped.lines("app.log"));
        }
        lines.set(1000, "what is this?");
        Path log = Files.write(directory.resolve("long.log"), lines);
        Ended ended = ExampleProcess.run("pipeline", log.toString(), "--strict", "--workers", "" + workers);

        assertEquals(List.of("Goroutines left: 0",
                "The pipeline failed: line 1001 is not a log line: what is this?"), ended.lines());
        assertEquals(1, ended.code());
    }

    @Test
    @EnabledOnOs(OS.LINUX) // which has a file that can be opened and not be read
    void read_fails_endsAllStages() throws Exception {
        Ended ended = ExampleProcess.run("pipeline", "/proc/self/mem");

        assertEquals(List.of("Goroutines left: 0", "The pipeline failed: Input/output error"), ended.lines());
        assertEquals(1, ended.code());
    }

    @Test
    void start_badArgument_saysWhatIsWrong(@TempDir Path directory) throws Exception {
        Path missing = directory.resolve("missing.log");
        Ended ended = ExampleProcess.run("pipeline", missing.toString());
        assertEquals(List.of("There is no file " + missing + "."), ended.lines());
        assertEquals(1, ended.code());
        ended = ExampleProcess.run("pipeline", directory.toString());
        assertEquals(List.of(directory + " is a directory; a file is needed."), ended.lines());
        assertEquals(1, ended.code());
        ended = ExampleProcess.run("pipeline", "--workers", "0");
        assertEquals(List.of("--workers must be a number from 1 to 1000, not 0."), ended.lines());
        assertEquals(1, ended.code());
        ended = ExampleProcess.run("pipeline", "--workers", "four");
        assertTrue(ended.lines().getFirst().startsWith("Invalid value for option '--workers'"), ended::toString);
        assertEquals(2, ended.code());
    }
}
