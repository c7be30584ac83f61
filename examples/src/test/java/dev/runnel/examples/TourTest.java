package dev.runnel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.examples.ExampleProcess.Ended;
import dev.runnel.examples.programs.ChatServer;
import dev.runnel.examples.programs.LogPipeline;
import dev.runnel.examples.snippets.S001_9_ProcessLogs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class TourTest {

    private static Ended tour;

    /** What was printed under each title. */
    private static final Map<String, List<String>> SECTIONS = new LinkedHashMap<>();

    @BeforeAll
    @Timeout(600)
    static void runAll() throws Exception {
        tour = ExampleProcess.run();
        List<String> section = new ArrayList<>();
        for (String line : tour.lines()) {
            if (line.matches("\\[\\d+/\\d+] .*")) {
                section = new ArrayList<>();
                SECTIONS.put(line, section);
            } else if (!line.isEmpty()) {
                section.add(line);
            }
        }
    }

    private static List<String> section(String id) {
        return SECTIONS.entrySet()
                .stream()
                .filter(section -> section.getKey().contains("] " + id + " "))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " is not there: " + SECTIONS.keySet()));
    }

    @Test
    void tour_all_comeInOrderUnderIdAndTitle() {
        List<Example> examples = Catalog.examples();
        List<String> titles = new ArrayList<>();
        for (Example example : examples) {
            titles.add("[" + (titles.size() + 1) + "/" + examples.size() + "] " + example.id() + " " + example.name()
                    + ": " + example.title());
        }
        assertEquals(titles, List.copyOf(SECTIONS.keySet()));
    }

    /** Whether only goroutines print something here, and main does not wait for them but sleeps. */
    private static boolean mayBeTooSlow(String title) {
        return Stream.of("001-2", "001-3", "002-3", "002-4", "002-6", "003-3", "004-3")
                .anyMatch(id -> title.contains("] " + id + " "));
    }

    @Test
    void tour_all_printSomethingAndEndWell() {
        SECTIONS.forEach((title, lines) -> assertTrue(!lines.isEmpty() || mayBeTooSlow(title), title));
        assertEquals("All 46 examples ran.", tour.lines().getLast());
        assertEquals(List.of(), tour.linesWith("ended with code"));
        assertEquals(List.of(), tour.linesWith("Exception"));
        assertEquals(List.of(), tour.linesWith("\tat "));
        assertEquals(0, tour.code());
    }

    @Test
    void tour_snippet_printsWhatItPrintsAlone() {
        assertEquals(List.of("1", "2", "3"), section("001-6"));
        assertEquals(List.of("1000"), section("002-8"));
    }

    @Test
    void tour_servers_areAskedAndStop() {
        List<String> webServer = section("000-1");
        assertTrue(webServer.contains("GET /start-task: 200 Task started with ID: task-1"), webServer::toString);
        assertTrue(webServer.contains("GET /check-task?id=task-2: 404 Task not found"), webServer::toString);
        assertTrue(webServer.contains("Server stopped"), webServer::toString);
        List<String> background = section("001-8");
        assertEquals(List.of("GET /: 404 404 page not found", "Server stopped"),
                background.subList(1, background.size()));
        assertEquals("Message queue stopped", section("message-queue").getLast());
        assertEquals("Chat server stopped", section("chat").getLast());
    }

    /** A tour of two examples, of which the first does not end by itself. */
    static final class LastingTour {

        private LastingTour() {}

        public static void main(String[] args) throws Exception {
            System.exit(new Tour(List.of(Example.program("chat", "for ever", ChatServer::new, "--port", "0"),
                    Example.program("001-9", "process-logs", "never", S001_9_ProcessLogs::new))).run());
        }
    }

    @Test
    void tour_terminated_endsTheExampleThatRuns() throws Exception {
        try (ExampleProcess process = ExampleProcess.startMain(LastingTour.class)) {
            process.awaitLine("Chat server on port");
            process.terminate();

            Ended ended = process.awaitEnd(); // the example writes to the same output, which ends only with both
            assertEquals(List.of(), ended.linesWith("[2/"));
            assertEquals(List.of(), ended.linesWith("Exception"));
            assertEquals(143, ended.code());
        }
    }

    /** A tour of three examples, of which one fails. */
    static final class FailingTour {

        private FailingTour() {}

        public static void main(String[] args) throws Exception {
            System.exit(new Tour(List.of(Example.program("pipeline", "well", LogPipeline::new, "--workers", "2"),
                    Example.program("001-9", "process-logs", "badly", S001_9_ProcessLogs::new, "no/such/file"),
                    Example.program("001-9", "process-logs", "well again", S001_9_ProcessLogs::new))).run());
        }
    }

    @Test
    void tour_oneFails_goesOnAndSaysSoInTheEnd() throws Exception {
        try (ExampleProcess process = ExampleProcess.startMain(FailingTour.class)) {
            Ended ended = process.awaitEnd();

            List<String> lines = ended.lines();
            int failed = lines.indexOf("[2/3] 001-9 process-logs: badly");
            assertTrue(lines.get(failed + 1).startsWith("There is no file no"), lines::toString);
            assertEquals("001-9 ended with code 1", lines.get(failed + 2));
            assertEquals(List.of("[3/3] 001-9 process-logs: well again", "main goes on while the logs are processed",
                    "{DEBUG=77, ERROR=38, INFO=413, WARN=72}", "", "These examples failed: [001-9]"),
                    lines.subList(failed + 4, lines.size()));
            assertEquals(1, ended.code());
        }
    }
}
