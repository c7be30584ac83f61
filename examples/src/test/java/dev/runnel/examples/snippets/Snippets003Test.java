package dev.runnel.examples.snippets;

import static dev.runnel.examples.snippets.Output.assertAnyOrder;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the snippets of document 003 print. */
@Timeout(600)
class Snippets003Test {

    @Test
    void bothForms_nameAndAnonymous_bothRun() throws Exception {
        assertAnyOrder(Output.of("003-1"), "function by its name", "anonymous function");
    }

    @Test
    void goroutine_mainSleepsFirst_mainIsLast() throws Exception {
        Output.ofSleeping(lines -> assertEquals(List.of("Hello from goroutine!", "Main function"), lines), "003-2");
    }

    @Test
    void workers_oneSecondEach_allStartBeforeOneIsDone() throws Exception {
        Output.ofSleeping(lines -> {
            assertEquals(6, lines.size(), lines::toString);
            assertAnyOrder(lines.subList(0, 3), "Worker 1 starting", "Worker 2 starting", "Worker 3 starting");
            assertAnyOrder(lines.subList(3, 6), "Worker 1 done", "Worker 2 done", "Worker 3 done");
        }, "003-3");
    }

    @Test
    void channel_unbuffered_bringsTheMessage() throws Exception {
        assertEquals(List.of("Hello from goroutine"), Output.of("003-4"));
    }

    @Test
    void workerPool_fiveJobs_eachHasOneResult() throws Exception {
        assertAnyOrder(Output.of("003-5"), "Result: 2", "Result: 4", "Result: 6", "Result: 8", "Result: 10");
    }

    @Test
    void waitGroup_loopVariable_eachGoroutineHasItsOwn() throws Exception {
        assertAnyOrder(Output.of("003-6"), "Goroutine 0", "Goroutine 1", "Goroutine 2", "Goroutine 3", "Goroutine 4");
    }
}
