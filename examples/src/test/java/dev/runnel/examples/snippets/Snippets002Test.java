package dev.runnel.examples.snippets;

import static dev.runnel.examples.snippets.Output.assertAnyOrder;
import static dev.runnel.examples.snippets.Output.assertBefore;
import static dev.runnel.examples.snippets.Output.assertInterleaved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the snippets of document 002 print. */
@Timeout(600)
class Snippets002Test {

    @Test
    void goStatement_methodByItsName_runs() throws Exception {
        assertEquals(List.of("functionName runs in a goroutine"), Output.of("002-1"));
    }

    @Test
    void goroutine_mainSleepsFirst_mainIsLast() throws Exception {
        Output.ofSleeping(lines -> assertEquals(List.of("Hello from goroutine", "Main function"), lines), "002-2");
    }

    @Test
    void anonymous_mainSleeps_prints() throws Exception {
        Output.ofSleeping(lines -> assertEquals(List.of("Running goroutine"), lines), "002-3");
    }

    @Test
    void tasks_atOnce_eachInItsOrder() throws Exception {
        Output.ofSleeping(lines -> {
            assertInterleaved(lines, List.of("Task A 1", "Task A 2", "Task A 3"),
                    List.of("Task B 1", "Task B 2", "Task B 3"));
            // Neither waits for the other: the first of each comes a second before the last.
            assertBefore(lines, "Task A 1", "Task B 3");
            assertBefore(lines, "Task B 1", "Task A 3");
        }, "002-4");
    }

    @Test
    void waitGroup_threeWorkers_mainGoesOnAfterAll() throws Exception {
        List<String> lines = Output.of("002-5");

        assertAnyOrder(lines, "Worker 1 started", "Worker 2 started", "Worker 3 started", "All workers finished");
        assertEquals("All workers finished", lines.getLast());
    }

    @Test
    void parameters_twoNames_bothAreGreeted() throws Exception {
        Output.ofSleeping(lines -> assertAnyOrder(lines, "Hello Chirag", "Hello Rahul"), "002-6");
    }

    @Test
    void race_unsafe_fallsShort() throws Exception {
        List<String> lines = Output.of("002-7");

        // As often as all 1000 are there by chance, it tries again.
        assertEquals(Collections.nCopies(lines.size() - 1, "1000"), lines.subList(0, lines.size() - 1));
        assertTrue(lines.getLast().matches("\\d{1,3}"), lines::toString);
    }

    @RepeatedTest(3) // a counter without its mutex would be right now and then
    void mutex_thousandGoroutines_losesNone() throws Exception {
        assertEquals(List.of("1000"), Output.of("002-8"));
    }

    @Test
    void order_threeJobs_isDoneAfterAll() throws Exception {
        List<String> lines = Output.of("002-9");

        assertAnyOrder(lines, "Order 42: 3 teapots for 59.85", "Order 42: email to chirag@example.com",
                "Order 42: 9 teapots left", "Order 42: done");
        assertEquals("Order 42: done", lines.getLast());
    }

    @Test
    void numbers_five_eachOnceInAnyOrder() throws Exception {
        assertAnyOrder(Output.of("002-10"), "Number: 1", "Number: 2", "Number: 3", "Number: 4", "Number: 5");
    }
}
