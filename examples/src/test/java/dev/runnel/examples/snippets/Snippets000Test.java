package dev.runnel.examples.snippets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the snippet of document 000 prints. Its server is tested by {@link WebServerTest}. */
@Timeout(600)
class Snippets000Test {

    @Test
    void webServer_demo_asksAllThatItAnswersAndStops() throws Exception {
        Output.ofSleeping(lines -> {
            assertTrue(lines.getFirst().matches("Starting server on :\\d+"), lines::toString);
            assertEquals(
                    List.of("GET /hello: 200 Hello, World!", "in-progress  task-1",
                            "GET /start-task: 200 Task started with ID: task-1",
                            "GET /check-task?id=task-1: 200 Task task-1 status: in-progress",
                            "GET /check-task?id=task-2: 404 Task not found", "completed  task-1",
                            "GET /check-task?id=task-1: 200 Task task-1 status: completed", "Server stopped"),
                    lines.subList(1, lines.size()));
        }, "000-1", "--demo");
    }
}
