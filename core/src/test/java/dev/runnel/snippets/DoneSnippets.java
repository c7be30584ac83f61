package dev.runnel.snippets;

import static dev.runnel.Go.after;
import static dev.runnel.Go.done;
import static dev.runnel.Go.go;
import static dev.runnel.Go.select;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.WaitGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The snippets of the documentation of {@code done}. */
class DoneSnippets {

    private final List<Object> printed = new ArrayList<>();

    private void println(Object line) {
        printed.add(line);
    }

    private void work() {}

    @Test
    void thread() throws InterruptedException {
        // @start region="thread"
        Thread worker = go(() -> work());
        select(
                done(worker).onReceive(none -> println("it has ended")),
                after(ofSeconds(10), () -> worker.interrupt()));
        // @end
        assertEquals(List.of("it has ended"), printed);
    }

    @Test
    void stage() throws InterruptedException {
        Chan<String> cancel = Chan.make();
        CompletableFuture<String> page = CompletableFuture.supplyAsync(() -> "the page");
        // @start region="stage"
        select(
                done(page).onReceive(none -> println(page.join())), // join throws what the future has failed with
                cancel.onReceive(reason -> page.cancel(true)));
        // @end
        assertEquals(List.of("the page"), printed);
    }

    @Test
    void group() throws InterruptedException {
        Chan<Integer> results = Chan.make();
        // @start region="group"
        var wg = new WaitGroup();
        for (int i = 1; i <= 3; i++) {
            int id = i;
            wg.go(() -> results.send(id));
        }
        Case<Integer> result = results.onReceive();
        Case<Void> allDone = done(wg).onReceive();
        while (select(result, allDone) == result) {
            println(result.value());
        }
        // @end
        assertEquals(3, printed.size());
    }
}
