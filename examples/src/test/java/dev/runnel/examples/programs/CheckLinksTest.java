package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(600)
class CheckLinksTest {

    private static final int TERMINATED = 128 + 15;
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path directory;

    private final CountDownLatch testIsOver = new CountDownLatch(1);
    private final CountDownLatch threeAreStuck = new CountDownLatch(3);

    /** When each path was asked for. */
    private final Map<String, List<Long>> arrivals = new ConcurrentHashMap<>();

    private HttpServer server;
    private String root;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Thread::startVirtualThread);
        server.createContext("/ok", request -> reply(request, 200));
        server.createContext("/moved", request -> reply(request, 302));
        server.createContext("/missing", request -> reply(request, 404));
        server.createContext("/broken", request -> reply(request, 500));
        server.createContext("/once-busy", request -> reply(request, arrive(request) == 1 ? 503 : 200));
        server.createContext("/twice-busy", request -> reply(request, arrive(request) <= 2 ? 429 : 200));
        server.createContext("/down", request -> {
            arrive(request);
            threeAreStuck.countDown();
            reply(request, 503);
        });
        server.createContext("/silent", request -> {
            arrive(request);
            threeAreStuck.countDown();
            try {
                testIsOver.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        server.start();
        root = "http://localhost:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        testIsOver.countDown();
        server.stop(0);
    }

    /** Notes a request, and returns how many there have been for its path. */
    private int arrive(HttpExchange request) {
        List<Long> times = arrivals.computeIfAbsent(request.getRequestURI().getPath(), path -> new ArrayList<>());
        synchronized (times) {
            times.add(System.nanoTime());
            return times.size();
        }
    }

    private static void reply(HttpExchange request, int status) throws IOException {
        request.sendResponseHeaders(status, -1);
        request.close();
    }

    private String file(String... lines) throws IOException {
        return Files.write(directory.resolve("links.md"), List.of(lines)).toString();
    }

    @Test
    void check_noArguments_asksAgainAsOftenAsTheServerWasBusy() throws Exception {
        Ended ended = ExampleProcess.run("links");

        List<String> lines =
                ended.lines().stream().map(line -> line.replaceFirst("http://localhost:\\d+", "")).toList();
        assertEquals(List.of("ok      /about.html  200", "ok      /articles.html  200, attempt 2",
                "ok      /shipping.html  200", "ok      /returns.html  200, attempt 3", "ok      /contact.html  200",
                "5 of 5 links checked, 0 broken, with 8 requests",
                "The server was asked 8 times, and was too busy 3 times"), lines);
        assertEquals(0, ended.code());
    }

    @ParameterizedTest
    @CsvSource({"1", "3", "100"})
    void check_someFail_asksAgainOnlyWhereThatMayHelp(int workers) throws Exception {
        try (ClosedPort closed = new ClosedPort()) {
            String refused = "http://localhost:" + closed.number() + "/refused";
            String file = file(root + "/down", root + "/ok", refused, root + "/missing", root + "/broken",
                    root + "/once-busy", root + "/moved", root + "/twice-busy", "http://localhost:port/");
            Ended ended = ExampleProcess.run("links", file, "--attempts", "3", "--pause", "PT0.01S", "--rate", "1000",
                    "--workers", "" + workers, "--timeout", "PT1M");

            List<String> lines = ended.lines();
            assertEquals(List.of("broken  " + root + "/down  503, attempt 3", "ok      " + root + "/ok  200",
                    "broken  " + refused + "  could not connect, attempt 3", "broken  " + root + "/missing  404",
                    "broken  " + root + "/broken  500", "ok      " + root + "/once-busy  200, attempt 2",
                    "ok      " + root + "/moved  302", "ok      " + root + "/twice-busy  200, attempt 3"),
                    lines.subList(0, 8));
            assertTrue(lines.get(8).startsWith("broken  http://localhost:port/  not a URL: "), lines::toString);
            assertEquals("9 of 9 links checked, 5 broken, with 15 requests", lines.get(9));
            assertEquals(2, arrivals.get("/once-busy").size());
            assertEquals(3, arrivals.get("/twice-busy").size());
            assertEquals(1, ended.code());
        }
    }

    @Test
    void check_manyLinks_asksNoFasterThanTheRate() throws Exception {
        int links = 15;
        int workers = 2;
        int rate = 20;
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < links; i++) {
            lines.add(root + "/once-busy/" + i);
        }
        Ended ended = ExampleProcess.run("links", file(lines.toArray(String[]::new)), "--rate", "" + rate, "--workers",
                "" + workers, "--pause", "PT0.001S", "--timeout", "PT1M");

        assertEquals("15 of 15 links checked, 0 broken, with 30 requests", ended.lines().getLast());
        assertEquals(0, ended.code());
        List<Long> all = arrivals.values().stream().flatMap(List::stream).sorted().toList();
        assertEquals(2 * links, all.size());
        for (int from = 0; from < all.size(); from++) {
            for (int to = from; to < all.size(); to++) {
                // Each worker may have had one permit for long when it comes to ask; all others come one by one.
                double most = workers + 1 + (double) (all.get(to) - all.get(from)) / SECOND * rate;
                int came = to - from + 1;
                assertTrue(came <= most, () -> came + " requests came where " + most + " may: " + all);
            }
        }
    }

    @Test
    void check_busyAgainAndAgain_waitsLongerEachTime() throws Exception {
        ExampleProcess.run("links", file(root + "/down"), "--rate", "1000", "--attempts", "5", "--pause", "PT0.05S",
                "--timeout", "PT1M");

        List<Long> times = arrivals.get("/down");
        assertEquals(5, times.size());
        for (int i = 1; i < times.size(); i++) {
            long least = SECOND / 20 * (1L << (i - 1)) / 2; // a pause is half as long at least
            long was = times.get(i) - times.get(i - 1);
            assertTrue(was >= least, () -> "a pause of " + was + " ns, where " + least + " is the least");
        }
    }

    @Test
    void check_noAnswerInTime_asksAgain() throws Exception {
        Ended ended = ExampleProcess.run("links", file(root + "/silent", root + "/ok"), "--timeout", "PT5S",
                "--attempts", "2", "--pause", "PT0.01S", "--rate", "1000");

        assertEquals(List.of("broken  " + root + "/silent  no answer in 5000 ms, attempt 2",
                "ok      " + root + "/ok  200", "2 of 2 links checked, 1 broken, with 3 requests"), ended.lines());
        assertEquals(2, arrivals.get("/silent").size());
        assertEquals(1, ended.code());
    }

    @Test
    void check_terminated_endsWhatIsUnderWayAndWhatWaits() throws Exception {
        String file = file(root + "/ok", root + "/down", root + "/silent", root + "/silent?again", root + "/ok?5",
                root + "/ok?6", root + "/ok?7");
        try (ExampleProcess check = ExampleProcess.start("links", file, "--timeout", "PT1H", "--pause", "PT1H",
                "--workers", "3", "--rate", "1000")) {
            check.awaitLine("/ok  200");
            threeAreStuck.await(); // the two that are silent, and the one that is down
            check.terminate();
            Ended ended = check.awaitEnd();

            assertEquals(List.of("ok      " + root + "/ok  200", "Interrupted",
                    "1 of 7 links checked, 0 broken, with 4 requests"), ended.lines());
            assertEquals(TERMINATED, ended.code());
        }
    }

    @Test
    void links_inFilesOfAnyFormat_areFoundOnce() throws Exception {
        String text =
                file("See [ok](" + root + "/ok), or " + root + "/ok?a=b&c=d.", "<a href=\"/moved#there\">moved</a>",
                        "<a class=\"x\" href=\"ok/deep\">deep</a> <a href=\"mailto:a@example.com\">mail</a> " + root
                                + "/ok#part",
                        "HTTP and http:// alone are none");
        Path other = Files.writeString(directory.resolve("other.txt"), root + "/ok/other\n" + root + "/ok\n");
        Ended ended = ExampleProcess.run("links", text, other.toString(), "--base", root + "/", "--rate", "1000",
                "--timeout", "PT1M");

        assertEquals(List.of("/ok  200", "/ok?a=b&c=d  200", "/moved  302", "/ok/deep  200", "/ok/other  200"),
                ended.linesWith("ok      ").stream().map(line -> line.replace("ok      " + root, "")).toList());
        assertEquals("5 of 5 links checked, 0 broken, with 5 requests", ended.lines().getLast());
        assertEquals(0, ended.code());

        ended = ExampleProcess.run("links", text, "--rate", "1000", "--timeout", "PT1M"); // relative links lead nowhere
        assertEquals("2 of 2 links checked, 0 broken, with 2 requests", ended.lines().getLast());
    }

    @Test
    void start_badFile_saysWhatIsWrong() throws Exception {
        Path missing = directory.resolve("missing.md");

        assertEquals(new Ended(1, List.of("There is no file " + missing + ".")),
                ExampleProcess.run("links", file(root + "/silent"), missing.toString()));
        assertEquals(new Ended(1, List.of(directory + " is a directory; a file is needed.")),
                ExampleProcess.run("links", directory.toString()));
        assertEquals(Map.of(), arrivals);
    }

    @ParameterizedTest
    @CsvSource({"--rate, 0, '--rate must be a number from 1 to 1000, not 0.', 1",
        "--workers, -1, '--workers must be a number from 1 to 1000, not -1.', 1",
        "--attempts, 0, '--attempts must be a number from 1 to 100, not 0.', 1",
        "--pause, PT-1S, '--pause must be longer than zero, not PT-1S.', 1",
        "--timeout, PT0S, '--timeout must be longer than zero, not PT0S.', 1",
        "--base, shop, '--base must be a URL that begins with http:// or https://, not shop.', 1",
        "--base, a b, 'Invalid value for option ''--base''', 2"})
    void start_badOption_saysWhatIsWrong(String option, String value, String message, int code) throws Exception {
        Ended ended = ExampleProcess.run("links", option, value);

        assertTrue(ended.lines().getFirst().startsWith(message), ended::toString);
        assertEquals(code, ended.code());
    }
}
