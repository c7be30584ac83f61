package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.goroutines;

import dev.runnel.Chan;
import java.util.ArrayList;
import java.util.List;

/**
 * 004-5: how many goroutines there are.
 *
 * <p>The document shows the one line; here it is asked before, while and after ten goroutines wait for a channel to be
 * closed.
 *
 * <pre>{@code
 * fmt.Println("Number of goroutines:", runtime.NumGoroutine())
 * }</pre>
 */
public final class S004_5_NumGoroutine {

    private S004_5_NumGoroutine() {}

    public static void main(String[] args) throws InterruptedException {
        System.out.println("Number of goroutines: " + goroutines());

        Chan<String> quit = Chan.make();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(go(() -> quit.receive()));
        }
        System.out.println("Number of goroutines: " + goroutines());

        quit.close();
        for (Thread goroutine : waiting) {
            goroutine.join();
        }
        System.out.println("Number of goroutines: " + goroutines());
    }
}
