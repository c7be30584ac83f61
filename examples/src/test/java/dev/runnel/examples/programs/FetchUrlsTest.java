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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(600)
class FetchUrlsTest {

    private final CountDownLatch testIsOver = new CountDownLatch(1);
    private HttpServer server;
    private String root;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Thread::startVirtualThread);
        server.createContext("/", request -> reply(request, 404, 9));
        server.createContext("/page", request -> reply(request, 200, 1234));
        server.createContext("/broken", request -> reply(request, 500, 5));
        server.createContext("/moved", request -> {
            request.getResponseHeaders().set("Location", "/page");
            reply(request, 302, 0);
        });
        server.createContext("/silent", request -> awaitEndOfTest());
        server.createContext("/stalled", request -> {
            request.sendResponseHeaders(200, 10);
            request.getResponseBody().write('x');
            request.getResponseBody().flush();
            awaitEndOfTest();
        });
        server.start();
        root = "http://localhost:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        testIsOver.countDown();
        server.stop(0);
    }

    private static void reply(HttpExchange request, int status, int size) throws IOException {
        request.sendResponseHeaders(status, size == 0 ? -1 : size);
        request.getResponseBody().write(new byte[size]);
        request.close();
    }

    private void awaitEndOfTest() {
        try {
            testIsOver.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void fetch_noArguments_fetchesTheShippedPages() throws Exception {
        Ended ended = ExampleProcess.run("fetch");

        int bytes = 0;
        for (String page : List.of("index", "about", "articles", "shipping", "returns", "contact")) {
            int size = Shipped.bytes("pages/" + page + ".html").length;
            assertTrue(ended.line("/" + page + ".html").startsWith("200 " + size + " bytes "), ended::toString);
            bytes += size;
        }
        assertTrue(ended.line("Fetched").startsWith("Fetched 6 of 6 URLs, " + bytes + " bytes"), ended::toString);
        assertEquals(0, ended.code());
    }

    @Test
    void fetch_someFail_reportsEachAndExitsWithOne() throws Exception {
        // Longer than a part of a name may be, so that no name server is asked for it.
        String unknownHost = "http://no-such-host" + "x".repeat(64) + ".invalid/";
        try (ClosedPort closed = new ClosedPort()) {
            Ended ended =
                    ExampleProcess.run("fetch", root + "/page", root + "/moved", root + "/missing", root + "/broken",
                            "http://localhost:" + closed.number() + "/refused", "ht tp://space", "no-scheme",
                            "ftp://localhost/file", unknownHost);

            assertTrue(ended.line("/page").startsWith("200 1234 bytes "), ended::toString);
            assertTrue(ended.line("/moved").startsWith("200 1234 bytes "), ended::toString);
            assertTrue(ended.line("/missing").matches("404 9 bytes .*: refused by the server"), ended::toString);
            assertTrue(ended.line("/broken").matches("500 5 bytes .*: the server failed"), ended::toString);
            assertTrue(ended.line("/refused").matches("failed .*: could not connect"), ended::toString);
            assertTrue(ended.line("space").contains("not a URL to fetch: Illegal character"), ended::toString);
            assertTrue(ended.line("no-scheme").contains("not a URL to fetch: URI with undefined scheme"),
                    ended::toString);
            assertTrue(ended.line("ftp:").contains("not a URL to fetch: invalid URI scheme ftp"), ended::toString);
            assertTrue(ended.line("no-such-host").matches("failed .*: unknown host"), ended::toString);
            assertTrue(ended.line("Fetched").startsWith("Fetched 2 of 9 URLs, 2482 bytes"), ended::toString);
            assertEquals(1, ended.code());
        }
    }

    @Test
    void fetch_noAnswerInTime_givesUpAndFetchesTheOthers() throws Exception {
        Ended ended = ExampleProcess.run("fetch", "--timeout", "PT4S", "--parallel", "1", root + "/silent",
                root + "/stalled", root + "/page");

        assertTrue(ended.line("/silent").matches("failed .*: no answer within 4000 ms"), ended::toString);
        assertTrue(ended.line("/stalled").matches("failed .*: no answer within 4000 ms"), ended::toString);
        assertTrue(ended.line("/page").startsWith("200 1234 bytes "), ended::toString);
        assertEquals(1, ended.code());
    }

    @Test
    void fetch_moreUrlsThanParallel_neverHasMoreUnderWayThanThat() throws Exception {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CyclicBarrier three = new CyclicBarrier(3); // nobody is answered before three are under way
        server.createContext("/together", request -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            try {
                three.await(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            underWay.decrementAndGet();
            reply(request, 200, 1);
        });
        String url = root + "/together";
        Ended ended = ExampleProcess.run("fetch", "--parallel", "3", url, url, url, url, url, url, url, url, url);

        assertEquals(3, most.get());
        assertEquals(9, ended.linesWith("200 1 bytes").size(), ended::toString);
        assertEquals(0, ended.code());
    }

    @Test
    void fetch_fileOfUrls_fetchesThem(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("urls.txt");
        Files.writeString(file, "# what to fetch\n" + root + "/page\n\n  " + root + "/moved  \n");
        Ended ended = ExampleProcess.run("fetch", "--file", file.toString());

        assertTrue(ended.line("Fetched").startsWith("Fetched 2 of 2 URLs, 2468 bytes"), ended::toString);
        assertEquals(0, ended.code());
    }

    @Test
    void fetch_badFile_saysWhatIsWrong(@TempDir Path directory) throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.txt"), "\n# nothing\n");
        Path missing = directory.resolve("missing.txt");

        Ended ended = ExampleProcess.run("fetch", "--file", empty.toString());
        assertEquals(List.of("The file " + empty + " has no URLs."), ended.lines());
        assertEquals(1, ended.code());
        ended = ExampleProcess.run("fetch", "--file", missing.toString());
        assertEquals(List.of("There is no file " + missing + "."), ended.lines());
        assertEquals(1, ended.code());
        ended = ExampleProcess.run("fetch", "--file", directory.toString());
        assertEquals(List.of(directory + " is a directory; a file is needed."), ended.lines());
        assertEquals(1, ended.code());
    }

    @ParameterizedTest
    @CsvSource({"--parallel, 0, '--parallel must be a number from 1 to 1000, not 0.', 1",
        "--parallel, -3, '--parallel must be a number from 1 to 1000, not -3.', 1",
        "--parallel, many, 'Invalid value for option ''--parallel'': ''many'' is not an int', 2",
        "--timeout, PT0S, '--timeout must be longer than zero, not PT0S.', 1",
        "--timeout, soon, 'Invalid value for option ''--timeout''', 2"})
    void fetch_badNumber_saysWhatIsWrong(String option, String value, String message, int code) throws Exception {
        Ended ended = ExampleProcess.run("fetch", option, value);

        assertTrue(ended.lines().getFirst().startsWith(message), ended::toString);
        assertEquals(code, ended.code());
    }
}
