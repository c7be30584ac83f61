package dev.runnel.snippets;

import static dev.runnel.Go.go;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.runnel.Chan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The snippets of the documentation of channels. */
class ChanSnippets {

    private final List<Object> printed = new ArrayList<>();

    private void println(Object line) {
        printed.add(line);
    }

    @Test
    void hello() throws InterruptedException {
        // @start region="hello"
        Chan<String> ch = Chan.make(); // unbuffered: a rendezvous
        go(() -> ch.send("Hello from goroutine!"));
        println(ch.receive());
        // @end
        assertEquals(List.of("Hello from goroutine!"), printed);
    }

    @Test
    void range() throws InterruptedException {
        // @start region="range"
        Chan<Integer> jobs = Chan.make(100);
        go(() -> {
            for (int j = 1; j <= 3; j++) {
                jobs.send(j);
            }
            jobs.close();
        });
        for (int job : jobs) { // until jobs is closed and drained
            println(job);
        }
        // @end
        assertEquals(List.of(1, 2, 3), printed);
    }
}
