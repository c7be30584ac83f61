package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

import dev.runnel.WaitGroup;

/**
 * 001-4: a WaitGroup: main waits for three workers.
 *
 * <pre>{@code
 * package main
 * import (
 *     "fmt"
 *     "sync"
 * )
 *
 * func worker(id int, wg *sync.WaitGroup) {
 *     defer wg.Done() // Decrements the counter when the function completes
 *     fmt.Printf("Worker %d started\n", id)
 * }
 *
 * func main() {
 *     var wg sync.WaitGroup
 *
 *     for i := 1; i <= 3; i++ {
 *         wg.Add(1)       // Increment counter
 *         go worker(i, &wg)
 *     }
 *
 *     wg.Wait() // Wait for all workers to finish
 *     fmt.Println("All workers completed")
 * }
 * }</pre>
 */
public final class S001_4_WaitGroup {

    private S001_4_WaitGroup() {}

    static void worker(int id, WaitGroup wg) {
        try {
            System.out.printf("Worker %d started%n", id);
        } finally {
            wg.done(); // decrements the counter when the function completes
        }
    }

    public static void main(String[] args) throws InterruptedException {
        var wg = new WaitGroup();

        for (int i = 1; i <= 3; i++) {
            int id = i;
            wg.add(1); // increments the counter
            go(() -> worker(id, wg));
        }

        wg.await(); // waits for all workers to finish
        System.out.println("All workers completed");
    }
}
