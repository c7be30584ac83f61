package dev.runnel.examples.snippets;

import static dev.runnel.examples.snippets.Output.assertAnyOrder;
import static dev.runnel.examples.snippets.Output.assertInterleaved;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the snippets of document 004 print. */
@Timeout(600)
class Snippets004Test {

    @Test
    void syntax_mainGoesOn_bothRun() throws Exception {
        assertAnyOrder(Output.of("004-1"), "main function continues executing", "someFunction runs concurrently");
    }

    @Test
    void say_besideEachOther_threeOfEachInAnyOrder() throws Exception {
        assertAnyOrder(Output.of("004-2"), "hello", "hello", "hello", "world", "world", "world");
    }

    @Test
    void anonymous_withArgument_printsIt() throws Exception {
        Output.ofSleeping(lines -> assertEquals(List.of("Hello from anonymous goroutine"), lines), "004-3");
    }

    @Test
    void waitGroup_threeWorkers_mainGoesOnAfterAll() throws Exception {
        List<String> lines = Output.of("004-4");

        assertInterleaved(lines, List.of("Worker 1 starting", "Worker 1 done", "All workers done"),
                List.of("Worker 2 starting", "Worker 2 done"), List.of("Worker 3 starting", "Worker 3 done"));
        assertEquals("All workers done", lines.getLast());
    }

    @Test
    void numGoroutine_beforeWhileAndAfter_isRight() throws Exception {
        assertEquals(List.of("Number of goroutines: 1", "Number of goroutines: 11", "Number of goroutines: 1"),
                Output.of("004-5"));
    }
}
