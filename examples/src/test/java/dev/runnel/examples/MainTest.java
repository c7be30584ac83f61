package dev.runnel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.examples.ExampleProcess.Ended;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class MainTest {

    private static final Pattern LISTED = Pattern.compile("(\\S+) +(\\S+) +(\\S.*)");

    private static final List<String> PROGRAMS = List.of("fetch", "producer-consumer", "queries", "message-queue",
            "chat", "pipeline", "words", "checksums", "access-log", "links", "rate-limit", "cancel", "leaks", "pi",
            "primes");

    /** The ids of the documents' snippets, as many as each document has, and the programs. */
    private static List<String> ids() {
        int[] snippets = {1, 9, 10, 6, 5};
        Stream<String> ids = IntStream.range(0, snippets.length)
                .boxed()
                .flatMap(i -> IntStream.rangeClosed(1, snippets[i]).mapToObj(j -> "00" + i + "-" + j));
        return Stream.concat(ids, PROGRAMS.stream()).toList();
    }

    @Test
    void list_all_isOneLineAnId() throws Exception {
        Ended ended = ExampleProcess.run("--list");

        List<String> listed = new ArrayList<>();
        Set<String> titles = new HashSet<>();
        for (String line : ended.lines()) {
            Matcher matcher = LISTED.matcher(line);
            assertTrue(matcher.matches(), line);
            listed.add(matcher.group(1));
            titles.add(matcher.group(3));
        }
        assertEquals(ids(), listed);
        assertTrue(titles.contains("select between a sender at 2 s and one at 1 s"), titles::toString);
        assertEquals(0, ended.code());
        assertEquals(ended, ExampleProcess.run("-l"));
    }

    @Test
    void catalog_idsAndNames_areUnique() {
        List<String> known = Catalog.examples()
                .stream()
                .flatMap(example -> Stream.of(example.id(), example.name()).distinct())
                .toList();

        assertEquals(known.size(), new HashSet<>(known).size(), known::toString);
        assertEquals(31 + 31 + PROGRAMS.size(), known.size()); // each snippet has an id and a name
    }

    @Test
    void help_saysHowToCallItAndNamesAll() throws Exception {
        Ended ended = ExampleProcess.run("--help");

        assertEquals("Usage: runnel-examples [--list | --help | EXAMPLE [ARGUMENT...]]", ended.lines().getFirst());
        List<String> named = ended.lines()
                .stream()
                .dropWhile(line -> !line.startsWith("Examples"))
                .filter(line -> line.matches("  \\S.*"))
                .map(line -> line.strip().split("[, ]")[0])
                .toList();
        assertEquals(ids(), named);
        assertEquals(0, ended.code());
    }

    @Test
    void help_ofASnippet_namesItAndDoesNotRunIt() throws Exception {
        Ended ended = ExampleProcess.run("001-6", "--help");

        assertTrue(ended.lines().getFirst().startsWith("Usage: runnel-examples 001-6"), ended::toString);
        assertEquals("buffered channel of 3", ended.lines().get(1));
        assertEquals(List.of(), ended.lines().stream().filter(line -> line.matches("\\d")).toList());
        assertEquals(0, ended.code());
    }

    @Test
    void run_byName_isTheSameAsById() throws Exception {
        Ended byName = ExampleProcess.run("buffered-channel");

        assertEquals(new Ended(0, List.of("1", "2", "3")), byName);
        assertEquals(ExampleProcess.run("001-6"), byName);
    }

    @Test
    void run_unknownId_namesTheNearest() throws Exception {
        Ended ended = ExampleProcess.run("001-77");

        assertEquals(1, ended.lines().size(), ended::toString);
        String line = ended.lines().getFirst();
        assertTrue(line.startsWith("There is no example 001-77. Nearest: 001-7, "), line);
        assertTrue(line.endsWith(". --list lists them all."), line);
        assertEquals(2, ended.code());
    }

    @ParameterizedTest
    @CsvSource({"001-77, 001-7", "1-7, 001-7", "01-7, 001-7", "0017, 001-7", "select, select",
        "selct, select", "SELECT, select", "web, web-server", "webserver, web-server", "mutx, mutex",
        "piipeline, pipeline",
        "wait, wait-group", "messagequeue, message-queue"})
    void nearest_oneIsClose_itIsFirst(String wanted, String nearest) {
        assertEquals(nearest, Catalog.nearest(wanted).getFirst());
    }

    @Test
    void nearest_severalAreClose_allAreNamed() {
        assertEquals(Set.of("000-1", "001-1", "002-1"), Set.copyOf(Catalog.nearest("00-1")));
        assertTrue(Catalog.nearest("002-11").containsAll(List.of("002-1", "002-10")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "xyz", "005-1", "what on earth is this"})
    void nearest_noneIsClose_someAreNamed(String wanted) {
        List<String> nearest = Catalog.nearest(wanted);

        assertEquals(3, new HashSet<>(nearest).size());
    }

    @ParameterizedTest
    @CsvSource({"nothing-like-it 1 2, There is no example nothing-like-it. Nearest: ",
        "--lst, Unknown option: '--lst'", "001-6 extra, Unmatched argument at index 1: 'extra'",
        "001-6 --fast, Unknown option: '--fast'", "001-6 -V, Unknown option: '-V'", "pi -V, Unknown option: '-V'",
        "chat --port, Missing required parameter for option '--port'"})
    void run_badArguments_saysWhatIsWrong(String arguments, String message) throws Exception {
        Ended ended = ExampleProcess.run(arguments.split(" "));

        assertTrue(ended.lines().getFirst().startsWith(message), ended::toString);
        assertEquals(List.of(), ended.linesWith("\tat "));
        assertEquals(List.of(), ended.lines().stream().skip(1).filter(line -> !line.contains("--")).toList());
        assertEquals(2, ended.code());
    }

    @Test
    void run_severalExamples_areNotTakenForOne() throws Exception {
        Ended ended = ExampleProcess.run("001-6", "001-5");

        assertTrue(ended.lines().getFirst().contains("'001-5'"), ended::toString);
        assertEquals(2, ended.code());
    }
}
