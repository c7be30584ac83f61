package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.sleep;
import static dev.runnel.examples.HttpServers.handleFunc;
import static dev.runnel.examples.HttpServers.query;
import static dev.runnel.examples.HttpServers.reply;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runnel.examples.HttpServers;
import dev.runnel.examples.Inputs;
import dev.runnel.examples.UserException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * 000-1: a web server that starts tasks in the background and can be asked about them.
 *
 * <pre>{@code
 * package main
 *
 * import (
 *     "fmt"
 *     "net/http"
 *     "sync"
 *     "time"
 * )
 *
 * var (
 *     mu      sync.Mutex
 *     tasks   = make(map[string]string)
 *     taskID  = 1
 * )
 *
 * func generateTaskID() string {
 *     mu.Lock()
 *     defer mu.Unlock()
 *     id := fmt.Sprintf("task-%d", taskID)
 *     taskID++
 *     return id
 * }
 *
 * func timeConsumingTask(taskID string) {
 *     time.Sleep(10 * time.Second) // Simulate a task taking 3 seconds
 *     mu.Lock()
 *     fmt.Println("completed ",taskID)
 *     tasks[taskID] = "completed"
 *     mu.Unlock()
 * }
 *
 * func startTaskHandler(w http.ResponseWriter, r *http.Request) {
 *     taskID := generateTaskID()
 *     mu.Lock()
 *     fmt.Println("in-progress ",taskID)
 *     tasks[taskID] = "in-progress"
 *     mu.Unlock()
 *     go timeConsumingTask(taskID) // Run the task in a separate goroutine
 *     fmt.Fprintf(w, "Task started with ID: %s", taskID)
 * }
 *
 * func checkTaskHandler(w http.ResponseWriter, r *http.Request) {
 *     taskID := r.URL.Query().Get("id")
 *     mu.Lock()
 *     status, exists := tasks[taskID]
 *     mu.Unlock()
 *     if !exists {
 *         http.Error(w, "Task not found", http.StatusNotFound)
 *         return
 *     }
 *     fmt.Fprintf(w, "Task %s status: %s", taskID, status)
 * }
 *
 * func main() {
 *     http.HandleFunc("/hello", func(w http.ResponseWriter, r *http.Request) {
 *         fmt.Fprintf(w, "Hello, World!")
 *     })
 *     http.HandleFunc("/start-task", startTaskHandler)
 *     http.HandleFunc("/check-task", checkTaskHandler)
 *
 *     fmt.Println("Starting server on :8080")
 *     if err := http.ListenAndServe(":8080", nil); err != nil {
 *         fmt.Println("Error starting server:", err)
 *     }
 * }
 *
 * //hit => http://localhost:8080/start-task
 * }</pre>
 */
@Command(mixinStandardHelpOptions = true)
public final class S000_1_WebServer implements Callable<Integer> {

    @Option(names = "--port", defaultValue = "8080", description = "The port to listen on (default: 8080).")
    private int port;

    @Option(names = "--task-time", defaultValue = "PT10S", description = "How long a task takes (default: PT10S).")
    private Duration taskTime = Duration.ofSeconds(10);

    @Option(names = "--demo", description = "Serve on any free port, ask it over HTTP, and stop.")
    private boolean demo;

    private final ReentrantLock mu = new ReentrantLock();
    private final Map<String, String> tasks = new HashMap<>();
    private int taskID = 1;

    String generateTaskID() {
        mu.lock();
        try {
            String id = "task-" + taskID;
            taskID++;
            return id;
        } finally {
            mu.unlock();
        }
    }

    void setStatus(String taskID, String status) {
        mu.lock();
        try {
            System.out.println(status + "  " + taskID);
            tasks.put(taskID, status);
        } finally {
            mu.unlock();
        }
    }

    void timeConsumingTask(String taskID) throws InterruptedException {
        sleep(taskTime); // simulates a task that takes its time
        setStatus(taskID, "completed");
    }

    void startTaskHandler(HttpExchange r) throws IOException {
        String taskID = generateTaskID();
        setStatus(taskID, "in-progress");
        go(() -> timeConsumingTask(taskID)); // runs the task in a separate goroutine
        reply(r, 200, "Task started with ID: " + taskID);
    }

    void checkTaskHandler(HttpExchange r) throws IOException {
        String taskID = query(r, "id");
        @Nullable String status;
        mu.lock();
        try {
            status = tasks.get(taskID);
        } finally {
            mu.unlock();
        }
        if (status == null) {
            reply(r, 404, "Task not found\n");
            return;
        }
        reply(r, 200, "Task " + taskID + " status: " + status);
    }

    HttpServer listen(int port) throws IOException, UserException {
        HttpServer server = HttpServers.listen(port);
        handleFunc(server, "/hello", r -> reply(r, 200, "Hello, World!"));
        handleFunc(server, "/start-task", this::startTaskHandler);
        handleFunc(server, "/check-task", this::checkTaskHandler);
        return server;
    }

    @Override
    public Integer call() throws Exception {
        Inputs.checkPositive("--task-time", taskTime);
        if (demo) {
            askAndStop();
        } else {
            HttpServer server = listen(port);
            System.out.println("Starting server on :" + server.getAddress().getPort());
            HttpServers.serve(server);
        }
        return 0;
    }

    private void askAndStop() throws Exception {
        taskTime = Duration.ofSeconds(2);
        HttpServer server = listen(0);
        server.start();
        System.out.println("Starting server on :" + server.getAddress().getPort());
        try (HttpClient client = HttpClient.newHttpClient()) {
            ask(client, server, "/hello");
            ask(client, server, "/start-task");
            ask(client, server, "/check-task?id=task-1");
            ask(client, server, "/check-task?id=task-2");
            sleep(taskTime.plusSeconds(1));
            ask(client, server, "/check-task?id=task-1");
        } finally {
            server.stop(0);
        }
        System.out.println("Server stopped");
    }

    private static void ask(HttpClient client, HttpServer server, String path) throws Exception {
        URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + path);
        var response = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        System.out.printf("GET %s: %d %s%n", path, response.statusCode(), response.body().strip());
    }
}
