package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

import dev.runnel.Chan;
import dev.runnel.ReceiveChan;
import dev.runnel.SendChan;

/**
 * 003-5: a worker pool: three workers, five jobs, and a channel that is closed when there are no more.
 *
 * <p>The document leaves open what a worker does and what becomes of the results: here it doubles the number, and the
 * results are printed as they come.
 *
 * <pre>{@code
 * func workerPool() {
 *     jobs := make(chan int, 100)
 *     results := make(chan int, 100)
 *
 *     // Start workers
 *     for w := 1; w <= 3; w++ {
 *         go worker(jobs, results)
 *     }
 *
 *     // Send jobs
 *     for j := 1; j <= 5; j++ {
 *         jobs <- j
 *     }
 *     close(jobs)
 *
 *     // Collect results
 *     for a := 1; a <= 5; a++ {
 *         <-results
 *     }
 * }
 * }</pre>
 */
public final class S003_5_WorkerPool {

    private S003_5_WorkerPool() {}

    static void worker(ReceiveChan<Integer> jobs, SendChan<Integer> results) throws InterruptedException {
        for (int job : jobs) {
            results.send(job * 2);
        }
    }

    static void workerPool() throws InterruptedException {
        Chan<Integer> jobs = Chan.make(100);
        Chan<Integer> results = Chan.make(100);

        // Start workers
        for (int w = 1; w <= 3; w++) {
            go(() -> worker(jobs, results));
        }

        // Send jobs
        for (int j = 1; j <= 5; j++) {
            jobs.send(j);
        }
        jobs.close();

        // Collect results
        for (int a = 1; a <= 5; a++) {
            System.out.println("Result: " + results.receive());
        }
    }

    public static void main(String[] args) throws InterruptedException {
        workerPool();
    }
}
