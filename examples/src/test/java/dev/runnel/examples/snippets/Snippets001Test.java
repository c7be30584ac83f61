package dev.runnel.examples.snippets;

import static dev.runnel.examples.snippets.Output.assertAnyOrder;
import static dev.runnel.examples.snippets.Output.assertBefore;
import static dev.runnel.examples.snippets.Output.assertInterleaved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the snippets of document 001 print. */
@Timeout(600)
class Snippets001Test {

    private static final String MAIN_GOES_ON = "main goes on while the logs are processed";

    @Test
    void goroutine_mainSleeps_bothPrint() throws Exception {
        Output.ofSleeping(lines -> assertAnyOrder(lines, "Main function execution", "Hello from Goroutine!"), "001-1");
    }

    @Test
    void anonymous_mainSleeps_prints() throws Exception {
        Output.ofSleeping(lines -> assertEquals(List.of("Goroutine with anonymous function"), lines), "001-2");
    }

    @Test
    void numbersAndLetters_atOnce_eachInItsOrder() throws Exception {
        Output.ofSleeping(lines -> {
            assertInterleaved(lines, List.of("1", "2", "3", "4", "5"), List.of("A", "B", "C", "D", "E"));
            // Neither waits for the other: the first of each comes two seconds before the last.
            assertBefore(lines, "1", "E");
            assertBefore(lines, "A", "5");
        }, "001-3");
    }

    @Test
    void waitGroup_threeWorkers_mainGoesOnAfterAll() throws Exception {
        List<String> lines = Output.of("001-4");

        assertAnyOrder(lines, "Worker 1 started", "Worker 2 started", "Worker 3 started", "All workers completed");
        assertEquals("All workers completed", lines.getLast());
    }

    @Test
    void channel_unbuffered_bringsTheMessage() throws Exception {
        assertEquals(List.of("Hello from Goroutine!"), Output.of("001-5"));
    }

    @Test
    void bufferedChannel_ofThree_takesThreeAndKeepsTheirOrder() throws Exception {
        assertEquals(List.of("1", "2", "3"), Output.of("001-6"));
    }

    @Test
    void select_secondChannelIsReadyFirst_takesThatAlone() throws Exception {
        Output.ofSleeping(lines -> assertEquals(List.of("Message from Channel 2"), lines), "001-7");
    }

    @Test
    void backgroundServer_demo_isAskedWhileMainGoesOn() throws Exception {
        List<String> lines = Output.of("001-8", "--demo");

        assertTrue(lines.getFirst().matches("main goes on while the server listens on :\\d+"), lines::toString);
        assertEquals(List.of("GET /: 404 404 page not found", "Server stopped"), lines.subList(1, lines.size()));
    }

    @Test
    void processLogs_shippedFile_countsItsLevels() throws Exception {
        assertEquals(List.of(MAIN_GOES_ON, "{DEBUG=77, ERROR=38, INFO=413, WARN=72}"), Output.of("001-9"));
    }

    @Test
    void processLogs_fileNamed_countsAllItsLines(@TempDir Path directory) throws Exception {
        // Far more lines than the channel has room for, and some that are no log lines.
        List<String> log = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            log.add("2026-01-01T00:00:00Z " + (i % 10 == 0 ? "WARN" : "INFO") + " line " + i + " of the log");
        }
        log.add(5_000, "");
        log.add(6_000, "no line");
        log.add("2026-01-01T00:00:01Z ERROR stopped");
        Path file = Files.write(directory.resolve("my app.log"), log);

        assertEquals(List.of(MAIN_GOES_ON, "{(not a log line)=2, ERROR=1, INFO=9000, WARN=1000}"),
                Output.of("001-9", file.toString()));
    }

    @Test
    void processLogs_emptyFile_countsNothing(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("empty.log"));

        assertEquals(List.of(MAIN_GOES_ON, "{}"), Output.of("001-9", file.toString()));
    }

    @Test
    void processLogs_noSuchFile_saysSo(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("missing.log");
        Ended ended = ExampleProcess.run("001-9", file.toString());

        assertEquals(List.of("There is no file " + file + "."), ended.lines());
        assertEquals(1, ended.code());
    }

    @Test
    void processLogs_directory_saysSo(@TempDir Path directory) throws Exception {
        Ended ended = ExampleProcess.run("001-9", directory.toString());

        assertEquals(List.of(directory + " is a directory; a file is needed."), ended.lines());
        assertEquals(1, ended.code());
    }
}
