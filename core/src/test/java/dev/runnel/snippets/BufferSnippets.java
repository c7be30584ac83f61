package dev.runnel.snippets;

import static dev.runnel.Go.go;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.runnel.Buffer;
import dev.runnel.Chan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** The snippets of the documentation of buffers. */
class BufferSnippets {

    private final List<Object> printed = new ArrayList<>();

    private void println(Object line) {
        printed.add(line);
    }

    @Test
    void dropOldest() {
        // @start region="drop-oldest"
        LongAdder dropped = new LongAdder();
        Chan<String> log = Chan.make(Buffer.dropOldest(2, line -> dropped.increment()));
        for (int i = 1; i <= 5; i++) {
            log.trySend("line " + i); // never waits: logging does not slow down what is logged
        }
        log.close();
        for (String line : log) {
            println(line);
        }
        println(dropped + " lines dropped");
        // @end
        assertEquals(List.of("line 4", "line 5", "3 lines dropped"), printed);
    }

    @Test
    void conflating() throws InterruptedException {
        // @start region="conflating"
        Chan<Integer> price = Chan.make(Buffer.conflating(outdated -> {}));
        go(() -> {
            for (int p = 100; p <= 200; p++) {
                price.send(p);
            }
            price.close();
        }).join();
        for (int latest : price) {
            println(latest);
        }
        // @end
        assertEquals(List.of(200), printed);
    }
}
