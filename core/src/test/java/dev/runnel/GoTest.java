package dev.runnel;

import static dev.runnel.Go.go;
import static dev.runnel.Go.goroutines;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules: go starts a virtual thread; what it throws reaches the uncaught-exception handler; goroutines are counted. */
class GoTest {

    /** So that those that other tests have started, and that are about to end, do not spoil the count. */
    @BeforeEach
    void awaitTheEndOfOthers() {
        Await.until(() -> goroutines() == 1, () -> "goroutines to end; there are " + goroutines());
    }

    @Test
    void go_runsTheTaskOnANewVirtualThread() throws Exception {
        Chan<Thread> ran = Chan.make();
        Thread thread = go(() -> ran.send(Thread.currentThread()));
        assertSame(thread, ran.receive());
        assertTrue(thread.isVirtual());
        assertThrows(NullPointerException.class, () -> go(null));
    }

    @Test
    void go_taskThrows_reachesTheHandlerAsItIs() throws Exception {
        for (Throwable thrown : List.of(new IOException("checked"), new RuntimeException("unchecked"),
                new StackOverflowError("error"), new InterruptedException("interrupted"))) {
            Chan<Boolean> start = Chan.make();
            Chan<Throwable> reported = Chan.make(1);
            Thread thread = go(() -> {
                start.receive();
                throw thrown;
            });
            thread.setUncaughtExceptionHandler((t, e) -> reported.trySend(e));
            start.send(true);
            assertSame(thrown, reported.receive());
        }
    }

    @Test
    void go_whatHappenedBefore_isSeenByTheTask() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            int[] plain = new int[1];
            Chan<Integer> seen = Chan.make(1);
            plain[0] = i;
            go(() -> seen.send(plain[0]));
            assertEquals(i, seen.receive());
        }
    }

    @Test
    void goroutines_countsThoseThatHaveNotEndedAndMain() throws Exception {
        int before = goroutines();
        assertTrue(before >= 1);
        Chan<Boolean> quit = Chan.make();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            threads.add(go(() -> quit.receive()));
        }
        assertEquals(before + 100, goroutines());
        quit.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(before, goroutines());
    }

    @Test
    void goroutines_startFails_isNotCounted() {
        int before = goroutines();
        Goroutines.failingToStart(() -> assertThrows(IllegalStateException.class, () -> go(() -> {})));
        assertEquals(before, goroutines());
    }

    @Test
    void goroutines_taskThrows_isCountedAsEnded() throws Exception {
        int before = goroutines();
        Chan<Boolean> start = Chan.make();
        Thread thread = go(() -> {
            start.receive();
            throw new IOException();
        });
        thread.setUncaughtExceptionHandler((t, e) -> {});
        start.send(true);
        thread.join();
        assertEquals(before, goroutines());
    }
}
