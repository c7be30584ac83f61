package dev.runnel.snippets;

import static dev.runnel.Go.go;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.runnel.WaitGroup;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The snippets of the documentation of wait groups. */
class WaitGroupSnippets {

    private final AtomicInteger worked = new AtomicInteger();

    private void work(int id) {
        worked.addAndGet(id);
    }

    @Test
    void workers() throws InterruptedException {
        // @start region="workers"
        var wg = new WaitGroup();
        for (int i = 1; i <= 3; i++) {
            int id = i;
            wg.add(1);
            go(() -> {
                try {
                    work(id);
                } finally {
                    wg.done();
                }
            });
        }
        wg.go(() -> work(4)); // the same, shorter
        wg.await();
        // @end
        assertEquals(10, worked.get());
    }
}
