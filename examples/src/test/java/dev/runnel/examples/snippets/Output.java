package dev.runnel.examples.snippets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** All that an example prints, held against what it may print. */
final class Output {

    private static final int TRIES = 3;

    private Output() {}

    /** Runs an example, which has to end well, and returns its output. */
    static List<String> of(String... args) throws IOException, InterruptedException {
        Ended ended = ExampleProcess.run(args);
        assertEquals(0, ended.code(), ended::toString);
        return ended.lines();
    }

    /**
     * Runs an example that sleeps where others wait, and checks its output: again and again while that fails, as the
     * machine may have been stopped for as long as the example sleeps.
     */
    static void ofSleeping(Consumer<List<String>> check, String... args) throws IOException, InterruptedException {
        for (int tries = 1;; tries++) {
            List<String> lines = of(args);
            try {
                check.accept(lines);
                return;
            } catch (AssertionError e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Each of these lines once, in any order, and no other line. */
    static void assertAnyOrder(List<String> lines, String... expected) {
        assertEquals(List.of(expected).stream().sorted().toList(), lines.stream().sorted().toList());
    }

    /** What these goroutines print, each in its order and between them in any way, and no other line. */
    @SafeVarargs
    static void assertInterleaved(List<String> lines, List<String>... goroutines) {
        int all = 0;
        for (List<String> goroutine : goroutines) {
            assertEquals(goroutine, lines.stream().filter(goroutine::contains).toList(), lines::toString);
            all += goroutine.size();
        }
        assertEquals(all, lines.size(), lines::toString);
    }

    /** A line stands before another one. */
    static void assertBefore(List<String> lines, String first, String second) {
        assertTrue(lines.contains(first), lines::toString);
        assertTrue(lines.indexOf(first) < lines.indexOf(second), lines::toString);
    }
}
