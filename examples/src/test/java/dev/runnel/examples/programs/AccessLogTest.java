package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(600)
class AccessLogTest {

    private static final int TERMINATED = 128 + 15;

    private static String line(String request, int status, String bytes) {
        return "192.0.2.1 - - [20/Nov/2026:06:00:04 +0000] \"" + request + "\" " + status + " " + bytes;
    }

    private static List<String> shown(Ended ended) {
        return ended.linesWith("> ").stream().map(line -> line.substring(2)).toList();
    }

    private static List<String> summary(Ended ended) {
        return ended.lines().stream().filter(line -> !line.startsWith("> ")).toList();
    }

    /** Checks that the screen and its summary agree, and that it has shown some lines of the log in their order. */
    private static void assertShownInOrder(Ended ended, List<String> log) {
        List<String> shown = shown(ended);
        int missed = Numbers.last(ended.line("The screen has shown"));
        assertEquals("The screen has shown " + shown.size() + " lines and missed " + missed,
                ended.line("The screen has shown"));
        assertEquals(log.size(), shown.size() + missed);
        Iterator<String> rest = log.iterator();
        for (String line : shown) {
            boolean found = false;
            while (!found && rest.hasNext()) {
                found = rest.next().equals(line);
            }
            assertTrue(found, () -> "not in the log, or not in its order: " + line);
        }
        assertEquals(log.getLast(), shown.getLast()); // what is lost is the oldest
    }

    @Test
    void read_shippedLog_countsAllOfItAndShowsSome() throws Exception {
        List<String> log = Shipped.lines("access.log");
        TreeMap<String, Integer> statuses = new TreeMap<>();
        List<String[]> answers = new ArrayList<>(); // bytes, request, line
        for (int i = 0; i < log.size(); i++) {
            String[] parts = log.get(i).split("\"");
            String[] numbers = parts[2].strip().split(" ");
            statuses.merge("Status " + numbers[0], 1, Integer::sum);
            answers.add(new String[] {numbers[1].replace("-", "0"), parts[1], "" + (i + 1)});
        }
        answers.sort(Comparator.comparing((String[] answer) -> -Long.parseLong(answer[0])));
        List<String> expected = new ArrayList<>();
        statuses.forEach((status, count) -> expected.add(status + ": " + count));
        expected.add("Largest answers");
        answers.stream().limit(4).forEach(a -> expected.add("  " + a[0] + " bytes  " + a[1] + "  (line " + a[2] + ")"));
        Ended ended = ExampleProcess.run("access-log", "--largest", "4");

        List<String> summary = summary(ended);
        assertTrue(statuses.size() > 3, statuses::toString);
        assertEquals(expected, summary.subList(0, summary.size() - 1));
        assertShownInOrder(ended, log);
        assertEquals(0, ended.code());
    }

    @Test
    void read_slowScreen_missesLinesAndHoldsNobodyUp(@TempDir Path directory) throws Exception {
        List<String> log = IntStream.range(0, 50_000).mapToObj(i -> line("GET /" + i, 200, "" + i)).toList();
        Path file = Files.write(directory.resolve("access.log"), log);
        Ended ended =
                ExampleProcess.run("access-log", file.toString(), "--pause", "PT0.3S", "--screen", "2", "--largest",
                        "1");

        // To show all of them would take four hours.
        assertEquals(List.of("Status 200: 50000", "Largest answers", "  49999 bytes  GET /49999  (line 50000)"),
                summary(ended).subList(0, 3));
        assertShownInOrder(ended, log);
        assertEquals(0, ended.code());
    }

    @Test
    void read_roomForAll_showsAll() throws Exception {
        Ended ended = ExampleProcess.run("access-log", "--pause", "PT0.0001S", "--screen", "1000");

        assertEquals(Shipped.lines("access.log"), shown(ended));
        assertEquals(0, Numbers.last(ended.line("The screen has shown")));
        assertEquals(0, ended.code());
    }

    @Test
    void read_noRoomForThoseThatCount_saysThatItIsNotAll(@TempDir Path directory) throws Exception {
        int size = 300_000;
        Path file = Files.write(directory.resolve("access.log"), Collections.nCopies(size, line("GET /", 200, "1")));
        Ended ended = ExampleProcess.run("access-log", file.toString(), "--room", "1");

        int missed = size - Numbers.last(ended.line("Status 200"));
        List<String> said = ended.linesWith("Of those that count one has missed");
        assertEquals(said.isEmpty() ? 0 : 1, ended.code(), ended::toString);
        assertTrue(missed <= (said.isEmpty() ? 0 : Numbers.in(said.getFirst()).getFirst()), () -> missed + " " + said);
    }

    @Test
    void read_oddLines_areToldApart(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("access.log"), String.join("\n", line("GET /a", 200, "10"), "",
                "what is this?", line("GET /\\\"b\\\"", 301, "-"), line("-", 408, "0") + " \"-\" \"agent\"",
                line("GET /c", 200, "10"), line("GET /d", 20, "1")));
        Ended ended = ExampleProcess.run("access-log", file.toString());

        assertEquals(List.of("Not a log line: 3", "Status 200: 2", "Status 301: 1", "Status 408: 1", "Largest answers",
                "  10 bytes  GET /a  (line 1)", "  10 bytes  GET /c  (line 6)", "  0 bytes  GET /\\\"b\\\"  (line 4)"),
                summary(ended).subList(0, 8));
        assertEquals(0, ended.code());
    }

    @Test
    void follow_terminated_hasCountedWhatWasWritten(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("access.log"),
                line("GET /first", 200, "1") + "\n" + line("GET /second", 404, "2")); // not the whole line yet
        try (ExampleProcess follow =
                ExampleProcess.start("access-log", file.toString(), "--follow", "--pause", "PT0.01S")) {
            follow.awaitLine("GET /first");
            Files.writeString(file, "000\n" + line("GET /third", 200, "3") + "\n", StandardOpenOption.APPEND);
            follow.awaitLine("GET /second\" 404 2000");
            follow.awaitLine("GET /third");
            follow.terminate();
            Ended ended = follow.awaitEnd();

            assertEquals(List.of("Interrupted after line 3", "Status 200: 2", "Status 404: 1", "Largest answers",
                    "  2000 bytes  GET /second  (line 2)", "  3 bytes  GET /third  (line 3)",
                    "  1 bytes  GET /first  (line 1)", "The screen has shown 3 lines and missed 0"), summary(ended));
            assertEquals(TERMINATED, ended.code());
        }
    }

    @Test
    void screen_terminatedWhileItPauses_showsTheRestAtOnce(@TempDir Path directory) throws Exception {
        List<String> log = IntStream.range(0, 20).mapToObj(i -> line("GET /" + i, 200, "" + i)).toList();
        Path file = Files.write(directory.resolve("access.log"), log);
        try (ExampleProcess reading =
                ExampleProcess.start("access-log", file.toString(), "--pause", "PT1H", "--screen", "20")) {
            reading.awaitLine("GET /0");
            reading.terminate();
            Ended ended = reading.awaitEnd();

            assertTrue(shown(ended).size() <= 20);
            assertTrue(ended.line("The screen has shown").endsWith("missed 0"), ended::toString);
            assertEquals(TERMINATED, ended.code());
        }
    }

    @Test
    void start_badArgument_saysWhatIsWrong(@TempDir Path directory) throws Exception {
        Path missing = directory.resolve("missing.log");

        assertEquals(new Ended(1, List.of("There is no file " + missing + ".")),
                ExampleProcess.run("access-log", missing.toString()));
        assertEquals(new Ended(1, List.of(directory + " is a directory; a file is needed.")),
                ExampleProcess.run("access-log", directory.toString()));
        assertEquals(new Ended(1, List.of("--follow needs a FILE.")), ExampleProcess.run("access-log", "--follow"));
    }

    @ParameterizedTest
    @CsvSource({"--largest, -1, '--largest must be a number from 0 to 1000, not -1.', 1",
        "--screen, 0, '--screen must be a number from 1 to 1000000, not 0.', 1",
        "--room, 0, '--room must be a number from 1 to 10000000, not 0.', 1",
        "--pause, PT0S, '--pause must be longer than zero, not PT0S.', 1",
        "--pause, long, 'Invalid value for option ''--pause''', 2"})
    void start_badOption_saysWhatIsWrong(String option, String value, String message, int code) throws Exception {
        Ended ended = ExampleProcess.run("access-log", option, value);

        assertTrue(ended.lines().getFirst().startsWith(message), ended::toString);
        assertEquals(code, ended.code());
    }
}
