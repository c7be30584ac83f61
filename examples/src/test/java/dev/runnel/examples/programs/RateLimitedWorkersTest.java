package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(600)
class RateLimitedWorkersTest {

    private static final long SECOND = 1_000_000_000;

    private static int mostWithin(long nanos, List<Long> arrivals) {
        return (int) arrivals.stream()
                .mapToLong(from -> arrivals.stream().filter(at -> at - from >= 0 && at - from < nanos).count())
                .max()
                .orElse(0);
    }

    private static HttpServer serve(int status, List<Long> arrivals) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Thread::startVirtualThread);
        server.createContext("/", request -> {
            arrivals.add(System.nanoTime());
            request.sendResponseHeaders(status, -1);
            request.close();
        });
        server.start();
        return server;
    }

    private static String url(HttpServer server) {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }

    @Test
    void work_localServer_isNeverRefused() throws Exception {
        Ended ended = ExampleProcess.run("rate-limit", "--requests", "60", "--rate", "40", "--burst", "5", "--workers",
                "3");

        assertEquals("  200: 60", ended.line("200"));
        assertTrue(ended.line("The server admits").endsWith("refused 0"), ended::toString);
        // The first 5 go at once, each other one has to wait for a tick of 25 ms.
        assertTrue(Numbers.in(ended.line(" s, ")).get(1) >= 55 * 0.025 - 0.05, ended::toString);
        assertEquals(0, ended.code());
    }

    @Test
    void work_withoutLimit_isRefusedWhatIsTooMuch() throws Exception {
        Ended ended = ExampleProcess.run("rate-limit", "--requests", "300", "--rate", "10", "--no-limit");

        int admitted = Numbers.last(ended.line("  200:"));
        int refused = Numbers.last(ended.line("  429 too many requests:"));
        assertEquals(300, admitted + refused);
        assertEquals(refused, Numbers.last(ended.line("The server admits")));
        assertEquals(1, ended.code());
    }

    @Test
    void work_manyRequests_needsFewGoroutines() throws Exception {
        HttpServer server = serve(200, Collections.synchronizedList(new ArrayList<>()));
        try {
            Ended ended = ExampleProcess.run("rate-limit", "--url", url(server), "--requests", "500", "--rate", "1000",
                    "--burst", "500", "--workers", "4");

            double most = Numbers.in(ended.line("At most")).getFirst();
            assertTrue(most >= 1 + 4, ended::toString); // main and the workers
            assertTrue(most <= 1 + 4 + 3, ended::toString); // and who feeds, who ticks, and who closes
            assertEquals(0, ended.code());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void work_otherServer_isAskedNoFasterThanTheRate() throws Exception {
        List<Long> arrivals = Collections.synchronizedList(new ArrayList<>());
        HttpServer server = serve(200, arrivals);
        try {
            Ended ended = ExampleProcess.run("rate-limit", "--url", url(server), "--requests", "60", "--rate", "50",
                    "--burst", "2", "--workers", "2");

            assertEquals("  200: 60", ended.line("200"));
            assertEquals(0, ended.code());
        } finally {
            server.stop(0);
        }
        assertEquals(60, arrivals.size());
        int most = mostWithin(SECOND, arrivals);
        assertTrue(most <= 50 + 2 + 2 + 1, () -> most + " requests in a second");
    }

    @Test
    void work_afterAPause_goesNoFasterThanTheBurst() throws Exception {
        List<Long> arrivals = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch never = new CountDownLatch(1);
        HttpServer server = serve(200, arrivals);
        server.createContext("/busy", request -> {
            arrivals.add(System.nanoTime());
            try {
                if (arrivals.size() <= 5) { // keeps all workers busy, and as many tokens as there is room for pile up
                    never.await(700, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            request.sendResponseHeaders(200, -1);
            request.close();
        });
        try {
            Ended ended = ExampleProcess.run("rate-limit", "--url", url(server) + "busy", "--requests", "50", "--rate",
                    "50", "--burst", "2", "--workers", "5");

            assertEquals("  200: 50", ended.line("200"));
        } finally {
            server.stop(0);
        }
        int most = mostWithin(SECOND / 4, arrivals);
        assertTrue(most <= 13 + 2 + 5 + 1, () -> most + " requests in a quarter of a second");
    }

    @Test
    void work_serverFails_saysHow() throws Exception {
        HttpServer server = serve(503, Collections.synchronizedList(new ArrayList<>()));
        try {
            Ended ended = ExampleProcess.run("rate-limit", "--url", url(server), "--requests", "3");
            assertEquals("  status 503: 3", ended.line("503"));
            assertEquals(1, ended.code());
        } finally {
            server.stop(0);
        }
        try (ClosedPort closed = new ClosedPort()) {
            Ended ended =
                    ExampleProcess.run("rate-limit", "--url", "http://localhost:" + closed.number(), "--requests", "3");
            assertEquals("  could not connect: 3", ended.line("connect"));
            assertEquals(1, ended.code());
        }
    }

    @ParameterizedTest
    @CsvSource({"--rate, 0, '--rate must be a number from 1 to 1000, not 0.', 1",
        "--workers, -1, '--workers must be a number from 1 to 1000, not -1.', 1",
        "--burst, 0, '--burst must be a number from 1 to 1000, not 0.', 1",
        "--requests, 0, '--requests must be a number from 1 to 1000000, not 0.', 1",
        "--url, shop, '--url shop cannot be asked for: URI with undefined scheme.', 1",
        "--url, a b, 'Invalid value for option ''--url''', 2"})
    void start_badOption_saysWhatIsWrong(String option, String value, String message, int code) throws Exception {
        Ended ended = ExampleProcess.run("rate-limit", option, value);

        assertTrue(ended.lines().getFirst().startsWith(message), ended::toString);
        assertEquals(code, ended.code());
    }
}
