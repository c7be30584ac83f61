package dev.runnel.examples.snippets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The servers 000-1 and 001-8, asked over HTTP. */
@Timeout(600)
class WebServerTest {

    private static final int MANY = 1000;
    private static final int TERMINATED = 143;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder().version(Version.HTTP_1_1).executor(threads).build();

    @AfterEach
    void close() {
        client.close();
        threads.close();
    }

    /** A server that has said on which port it listens. */
    private record Server(ExampleProcess process, String firstLine) implements AutoCloseable {

        static Server start(String id, String... options) throws Exception {
            String[] args = Stream.concat(Stream.of(id, "--port", "0"), Stream.of(options)).toArray(String[]::new);
            ExampleProcess process = ExampleProcess.start(args);
            try {
                return new Server(process, process.awaitLine(" on :"));
            } catch (Throwable e) {
                process.close();
                throw e;
            }
        }

        URI uri(String path) {
            return URI.create("http://localhost:" + firstLine.substring(firstLine.lastIndexOf(':') + 1) + path);
        }

        /** Sends SIGTERM, and returns what was printed after the first line. */
        List<String> terminate() throws InterruptedException {
            process.terminate();
            Ended ended = process.awaitEnd();
            assertEquals(TERMINATED, ended.code(), ended::toString);
            assertEquals(firstLine, ended.lines().getFirst());
            return ended.lines().subList(1, ended.lines().size());
        }

        @Override
        public void close() {
            process.close();
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(Server server, String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(server.uri(path)));
    }

    /** Status and body of an answer, on one line. */
    private String ask(Server server, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(server, path);
        return response.statusCode() + " " + response.body();
    }

    /** Asks for all of these paths at once. */
    private List<String> askAtOnce(Server server, List<String> paths) throws Exception {
        CyclicBarrier allHere = new CyclicBarrier(paths.size());
        List<Future<String>> asked = new ArrayList<>();
        for (String path : paths) {
            asked.add(threads.submit(() -> {
                allHere.await();
                return ask(server, path);
            }));
        }
        List<String> answers = new ArrayList<>();
        for (Future<String> answer : asked) {
            answers.add(answer.get());
        }
        return answers;
    }

    private static List<String> tasks(Function<String, String> text) {
        return IntStream.rangeClosed(1, MANY).mapToObj(i -> text.apply("task-" + i)).toList();
    }

    @Test
    void webServer_taskUnderWay_isInProgress() throws Exception {
        try (Server server = Server.start("000-1", "--task-time", "PT1H")) {
            assertEquals("Starting server on ", server.firstLine().replaceFirst(":\\d+$", ""));
            assertEquals("200 Hello, World!", ask(server, "/hello"));
            assertEquals("404 Task not found\n", ask(server, "/check-task?id=task-1"));
            assertEquals("200 Task started with ID: task-1", ask(server, "/start-task"));
            assertEquals("200 Task started with ID: task-2", ask(server, "/start-task"));
            assertEquals("200 Task task-1 status: in-progress", ask(server, "/check-task?id=task-1"));
            assertEquals("200 Task task-2 status: in-progress", ask(server, "/check-task?id=task-2"));
            assertEquals("text/plain; charset=utf-8",
                    get(server, "/hello").headers().firstValue("Content-Type").orElse(""));

            assertEquals(List.of("in-progress  task-1", "in-progress  task-2", "Server stopped"), server.terminate());
        }
    }

    @Test
    void webServer_taskDone_isCompleted() throws Exception {
        try (Server server = Server.start("000-1", "--task-time", "PT0.01S")) {
            assertEquals("200 Task started with ID: task-1", ask(server, "/start-task"));
            server.process().awaitLine("completed  task-1");
            assertEquals("200 Task task-1 status: completed", ask(server, "/check-task?id=task-1"));

            assertEquals(List.of("in-progress  task-1", "completed  task-1", "Server stopped"), server.terminate());
        }
    }

    @Test
    void webServer_idGivenInOtherWays_isFoundOnlyIfItIsTheSame() throws Exception {
        try (Server server = Server.start("000-1", "--task-time", "PT1H")) {
            assertEquals("200 Task started with ID: task-1", ask(server, "/start-task"));
            for (String same : List.of("id=task-1", "id=task%2D1", "x=1&id=task-1", "id=task-1&id=task-2")) {
                assertEquals("200 Task task-1 status: in-progress", ask(server, "/check-task?" + same), same);
            }
            for (String other : List.of("", "?", "?id=", "?id", "?id=task-2", "?id=TASK-1", "?id=task-10", "?id=1",
                    "?ID=task-1", "?xid=task-1", "?id=task-1%20", "?id=%3Cb%3E", "?id=" + "x".repeat(5000))) {
                assertEquals("404 Task not found\n", ask(server, "/check-task" + other), other);
            }
        }
    }

    @Test
    void webServer_otherPath_isNotFound() throws Exception {
        try (Server server = Server.start("000-1")) {
            for (String path : List.of("/", "/helloworld", "/hello/", "/hello/you", "/start-task/1", "/start-tasks",
                    "/check-tasks?id=task-1", "/Hello", "/nothing")) {
                assertEquals(404, get(server, path).statusCode(), path);
            }
            assertEquals(List.of("Server stopped"), server.terminate()); // and no task was started
        }
    }

    /** As in Go, where HandleFunc without a method takes them all. */
    @Test
    void webServer_otherMethod_isAnsweredAlike() throws Exception {
        try (Server server = Server.start("000-1", "--task-time", "PT1H")) {
            for (String method : List.of("POST", "PUT", "DELETE")) {
                HttpResponse<String> response = send(HttpRequest.newBuilder(server.uri("/hello"))
                        .method(method, BodyPublishers.ofString("a body that nobody reads")));
                assertEquals("200 Hello, World!", response.statusCode() + " " + response.body(), method);
            }
            HttpResponse<String> head = send(HttpRequest.newBuilder(server.uri("/hello")).HEAD());
            assertEquals("200 ", head.statusCode() + " " + head.body());
            assertEquals("13", head.headers().firstValue("Content-Length").orElse(""));
            HttpResponse<String> post =
                    send(HttpRequest.newBuilder(server.uri("/start-task")).POST(BodyPublishers.noBody()));
            assertEquals("Task started with ID: task-1", post.body());

            assertEquals(List.of("in-progress  task-1", "Server stopped"), server.terminate());
        }
    }

    @Test
    void webServer_thousandRequestsAtOnce_areAllAnswered() throws Exception {
        try (Server server = Server.start("000-1", "--task-time", "PT0.5S")) {
            List<String> started = askAtOnce(server, tasks(task -> "/start-task"));
            assertEquals(new TreeSet<>(tasks(task -> "200 Task started with ID: " + task)), new TreeSet<>(started));

            for (int i = 0; i < MANY; i++) {
                server.process().awaitLine("completed  ");
            }
            assertEquals(tasks(task -> "200 Task " + task + " status: completed"),
                    askAtOnce(server, tasks(task -> "/check-task?id=" + task)));

            List<String> lines = server.terminate();
            assertEquals(2 * MANY + 1, lines.size());
            for (String task : tasks(task -> task)) {
                Output.assertBefore(lines, "in-progress  " + task, "completed  " + task);
            }
            assertEquals("Server stopped", lines.getLast());
        }
    }

    @Test
    void webServer_allKindsOfRequestsAtOnce_eachHasItsOwnAnswer() throws Exception {
        try (Server server = Server.start("000-1", "--task-time", "PT1H")) {
            assertEquals("200 Task started with ID: task-1", ask(server, "/start-task"));
            List<String> kinds =
                    List.of("/hello", "/check-task?id=task-1", "/check-task?id=task-0", "/nothing", "/hello");
            List<String> answers = askAtOnce(server, IntStream.range(0, MANY).mapToObj(i -> kinds.get(i % 5)).toList());
            for (int i = 0; i < MANY; i++) {
                String expected = switch (i % 5) {
                    case 1 -> "200 Task task-1 status: in-progress";
                    case 2 -> "404 Task not found\n";
                    case 3 -> "404 <h1>404 Not Found</h1>No context found for request";
                    default -> "200 Hello, World!";
                };
                assertEquals(expected, answers.get(i));
            }
        }
    }

    @Test
    void backgroundServer_manyRequestsAtOnce_areAllAnswered() throws Exception {
        try (Server server = Server.start("001-8")) {
            assertEquals("main goes on while the server listens on ", server.firstLine().replaceFirst(":\\d+$", ""));
            List<String> paths = IntStream.range(0, 200).mapToObj(i -> "/" + i).toList();
            assertEquals(paths.stream().map(path -> "404 404 page not found\n").toList(), askAtOnce(server, paths));

            assertEquals(List.of("Server stopped"), server.terminate());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"000-1", "001-8"})
    void serve_terminated_stopsListening(String id) throws Exception {
        try (Server server = Server.start(id)) {
            get(server, "/hello"); // this client keeps its connection open, and that must not keep the server
            assertEquals(List.of("Server stopped"), server.terminate());
            assertThrows(ConnectException.class, () -> get(server, "/hello"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"000-1", "001-8"})
    void start_portTaken_saysSo(String id) throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = String.valueOf(taken.getLocalPort());
            assertTaken(port, ExampleProcess.run(id, "--port", port));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"000-1", "001-8"})
    void start_noPortGiven_takes8080(String id) throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            try {
                taken.bind(new InetSocketAddress(8080));
            } catch (BindException e) {
                // then somebody else has taken it
            }
            assertTaken("8080", ExampleProcess.run(id));
        }
    }

    private static void assertTaken(String port, Ended ended) {
        assertEquals(1, ended.code());
        assertEquals(1, ended.lines().size(), ended::toString);
        String line = ended.lines().getFirst();
        assertTrue(line.startsWith("Error starting server: listen on :" + port + ": "), line);
        assertTrue(line.contains("Address already in use"), line);
        assertTrue(line.endsWith("; choose another one with --port"), line);
    }

    @ParameterizedTest
    @CsvSource({"000-1, --port, 65536, '--port must be a number from 0 to 65535, not 65536.', 1",
        "000-1, --port, -1, '--port must be a number from 0 to 65535, not -1.', 1",
        "001-8, --port, 65536, '--port must be a number from 0 to 65535, not 65536.', 1",
        "001-8, --port, x, 'Invalid value for option ''--port'': ''x'' is not an int', 2",
        "000-1, --port, 99999999999, 'Invalid value for option ''--port'': ''99999999999'' is not an int', 2",
        "000-1, --task-time, PT-1S, '--task-time must be longer than zero, not PT-1S.', 1",
        "000-1, --task-time, soon, 'Invalid value for option ''--task-time'': cannot convert ''soon''', 2"})
    void start_badOption_saysWhatIsWrong(String id, String option, String value, String message, int code)
            throws Exception {
        Ended ended = ExampleProcess.run(id, option, value);

        assertTrue(ended.lines().getFirst().startsWith(message), ended::toString);
        assertEquals(List.of(), ended.linesWith("\tat "));
        assertEquals(code, ended.code());
    }
}
