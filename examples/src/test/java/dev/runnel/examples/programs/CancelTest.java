package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(600)
class CancelTest {

    private static final int TERMINATED = 128 + 15;

    /** Files that take seconds to read: one of 16 MB, under many names. */
    private static void fillWithMuchToRead(Path directory) throws IOException {
        Path first =
                Files.writeString(directory.resolve("0.txt"), "nothing to be found in this line\n".repeat(500_000));
        for (int i = 1; i < 500; i++) {
            Files.createLink(directory.resolve(i + ".txt"), first);
        }
    }

    @Test
    void search_shippedTexts_findsEveryMatch() throws Exception {
        Set<String> expected = new HashSet<>();
        for (String name : List.of("incidents", "mails", "newcomers", "opening-hours", "payment", "repairs", "returns",
                "runbook", "shipping", "stock-count", "suppliers", "words")) {
            List<String> lines = Shipped.lines("texts/" + name + ".txt");
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).contains("order")) {
                    expected.add(name + ".txt:" + (i + 1) + ": " + lines.get(i));
                }
            }
        }
        Ended ended = ExampleProcess.run("cancel", "order", "--matches", "1000");

        assertTrue(expected.size() > 5);
        assertEquals(expected, new HashSet<>(ended.linesWith(".txt:")));
        assertEquals(expected.size(), ended.linesWith(".txt:").size());
        assertEquals("Stopped: everything was searched", ended.line("Stopped"));
        assertTrue(ended.line("matches").contains("12 files were searched, 0 were not"), ended::toString);
        assertEquals("Goroutines left: 0", ended.lines().getLast());
        assertEquals(0, ended.code());
    }

    @Test
    void search_enoughFound_looksAtNoMoreFiles(@TempDir Path directory) throws Exception {
        Path below = Files.createDirectories(directory.resolve("a/b"));
        for (int i = 0; i < 300; i++) {
            Files.writeString((i % 2 == 0 ? directory : below).resolve(i + ".txt"), "one\ntwo needles\n");
        }
        Ended ended = ExampleProcess.run("cancel", "needle", directory.toString(), "--matches", "7", "--workers", "3");

        assertEquals(7, ended.linesWith(".txt:2: two needles").size());
        assertEquals("Stopped: enough was found", ended.line("Stopped"));
        List<Double> numbers = Numbers.in(ended.line("matches"));
        assertEquals(7, numbers.get(0));
        assertTrue(numbers.get(1) <= 7, ended::toString); // who has found more waits for somebody who wants to know
        assertEquals(300, numbers.get(1) + numbers.get(2));
        assertEquals("Goroutines left: 0", ended.lines().getLast());
        assertEquals(0, ended.code());
    }

    @Test
    void search_timeIsOver_stopsInTheMiddle(@TempDir Path directory) throws Exception {
        fillWithMuchToRead(directory);
        Ended ended = ExampleProcess.run("cancel", "needle", directory.toString(), "--timeout", "PT0.2S");

        assertEquals("Stopped: the time is over", ended.line("Stopped"));
        List<Double> numbers = Numbers.in(ended.line("matches"));
        assertEquals(0, numbers.get(0));
        assertTrue(numbers.get(1) + numbers.get(2) <= 500, ended::toString); // not all may have been found by then
        assertTrue(numbers.get(2) > 0, ended::toString);
        assertEquals("Goroutines left: 0", ended.lines().getLast());
        assertEquals(1, ended.code());
    }

    @Test
    void search_timeIsOver_stopsInTheMiddleOfAFile(@TempDir Path directory) throws Exception {
        byte[] lines = "nothing to be found in this line\n".repeat(500_000).getBytes(StandardCharsets.US_ASCII);
        try (OutputStream large = Files.newOutputStream(directory.resolve("large.txt"))) {
            for (int i = 0; i < 20; i++) {
                large.write(lines);
            }
        }
        Ended ended = ExampleProcess.run("cancel", "needle", directory.toString(), "--timeout", "PT0.05S");

        assertEquals("0 matches; 0 files were searched, 1 were not looked at any more, or not to the end",
                ended.line("matches"));
    }

    @Test
    void search_terminated_stopsInTheMiddle(@TempDir Path directory) throws Exception {
        fillWithMuchToRead(directory);
        try (ExampleProcess search = ExampleProcess.start("cancel", "needle", directory.toString())) {
            search.awaitLine("Searching");
            search.terminate();
            Ended ended = search.awaitEnd();

            assertEquals("Stopped: interrupted", ended.line("Stopped"));
            assertEquals("Goroutines left: 0", ended.lines().getLast());
            assertEquals(TERMINATED, ended.code());
        }
    }

    @Test
    void search_nothingFound_exitsWithOne(@TempDir Path directory) throws Exception {
        Ended ended = ExampleProcess.run("cancel", "needle", directory.toString());

        assertEquals(List.of("Searching for \"needle\"", "Stopped: everything was searched",
                "0 matches; 0 files were searched, 0 were not looked at any more, or not to the end",
                "Goroutines left: 0"), ended.lines());
        assertEquals(1, ended.code());
    }

    @Test
    void start_badDirectory_saysWhatIsWrong(@TempDir Path directory) throws Exception {
        Path missing = directory.resolve("missing");
        Path file = Files.createFile(directory.resolve("file.txt"));

        Ended ended = ExampleProcess.run("cancel", "needle", missing.toString());
        assertEquals(List.of("There is no directory " + missing + "."), ended.lines());
        assertEquals(1, ended.code());
        ended = ExampleProcess.run("cancel", "needle", file.toString());
        assertEquals(List.of(file + " is a file; a directory is needed."), ended.lines());
        assertEquals(1, ended.code());
    }

    @ParameterizedTest
    @CsvSource({"--matches, 0, '--matches must be a number from 1 to 1000000, not 0.', 1",
        "--workers, 0, '--workers must be a number from 1 to 1000, not 0.', 1",
        "--timeout, PT-1S, '--timeout must be longer than zero, not PT-1S.', 1",
        "--timeout, soon, 'Invalid value for option ''--timeout''', 2"})
    void start_badOption_saysWhatIsWrong(String option, String value, String message, int code) throws Exception {
        Ended ended = ExampleProcess.run("cancel", option, value);

        assertTrue(ended.lines().getFirst().startsWith(message), ended::toString);
        assertEquals(code, ended.code());
    }
}
