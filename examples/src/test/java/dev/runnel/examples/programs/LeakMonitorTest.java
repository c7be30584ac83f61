package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class LeakMonitorTest {

    private static void assertLeaks(Ended ended, int questions, int mirrors) {
        int leaked = questions * (mirrors - 1);
        List<String> asked = ended.linesWith("  question ");
        assertEquals(2 * questions, asked.size(), ended::toString);
        for (int i = 1; i <= questions; i++) {
            assertTrue(Numbers.last(asked.get(i - 1)) >= 1 + i * (mirrors - 1), ended::toString);
        }
        assertTrue(
                ended.line("hang at")
                        .matches("  " + leaked + " hang at send in .*firstAnswer.*LeakMonitor.java:\\d+\\)"),
                ended::toString);
        assertEquals(List.of("  goroutines left behind: " + leaked, "  goroutines left behind: 0"),
                ended.linesWith("left behind"));
        assertEquals(1 + leaked, Numbers.last(ended.line("room for all answers")));
        assertEquals(0, ended.code());
    }

    @Test
    void ask_localMirrors_leaksOnlyWithoutRoom() throws Exception {
        assertLeaks(ExampleProcess.run("leaks"), 5, 3);
    }

    @Test
    void ask_mirrorsNamed_asksAllOfThem() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", request -> {
            requests.incrementAndGet();
            request.sendResponseHeaders(200, -1);
            request.close();
        });
        server.start();
        try {
            String root = "http://localhost:" + server.getAddress().getPort();
            Ended ended = ExampleProcess.run("leaks", root + "/a", root + "/b", "--questions", "4");

            assertLeaks(ended, 4, 2);
            assertEquals(8, ended.linesWith(root).stream().filter(line -> line.contains(" answered 200")).count());
            assertEquals(2 * 4 * 2, requests.get());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void ask_noMirrorCanBeReached_fails() throws Exception {
        try (ClosedPort closed = new ClosedPort()) {
            String mirror = "http://localhost:" + closed.number() + "/";
            Ended ended = ExampleProcess.run("leaks", mirror, mirror, "--questions", "1");

            assertEquals(2, ended.linesWith(mirror + " could not be reached").size(), ended::toString);
            assertEquals(1, ended.code());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost/; One mirror is not enough: name two or more.",
        "shop store; The mirror shop cannot be asked: URI with undefined scheme.",
        "--questions 0; --questions must be a number from 1 to 1000, not 0."})
    void start_badArgument_saysWhatIsWrong(String argumentsAndMessage) throws Exception {
        String[] parts = argumentsAndMessage.split("; ");
        Ended ended = ExampleProcess.run(("leaks " + parts[0]).split(" "));

        assertEquals(List.of(parts[1]), ended.lines());
        assertEquals(1, ended.code());
    }
}
