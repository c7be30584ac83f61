package dev.runnel.snippets;

import static dev.runnel.Go.go;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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

    private Stream<String> lines() {
        return Stream.of("a", "b", "the end of the world").map(line -> {
            if (line.length() > 1) {
                throw new UncheckedIOException(new IOException("the disk is gone"));
            }
            return line;
        });
    }

    @Test
    void closeWithCause() {
        // @start region="close-cause"
        Chan<String> lines = Chan.make(10);
        go(() -> {
            try {
                lines().forEach(lines::trySend);
                lines.close();
            } catch (UncheckedIOException e) {
                lines.close(e); // half of the lines are not all of them
            }
        });
        try {
            for (String line : lines) {
                println(line);
            }
            println("that was all");
        } catch (ChanClosedException e) {
            println("failed: " + e.getCause().getMessage());
        }
        // @end
        assertEquals(List.of("a", "b", "failed: java.io.IOException: the disk is gone"), printed);
    }

    private void insertAll(List<Integer> rows) {
        println(rows);
    }

    @Test
    void batches() throws InterruptedException {
        // @start region="batches"
        Chan<Integer> rows = Chan.make(100);
        go(() -> {
            rows.sendAll(List.of(1, 2, 3, 4, 5));
            rows.close();
        }).join();
        for (Integer row; (row = rows.receive()) != null;) { // waits for one, and then takes all that are there
            List<Integer> batch = new ArrayList<>(List.of(row));
            batch.addAll(rows.drain(99));
            insertAll(batch);
        }
        // @end
        assertEquals(List.of(List.of(1, 2, 3, 4, 5)), printed);
    }
}
