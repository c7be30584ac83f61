package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

import dev.runnel.WaitGroup;

/**
 * 002-5: a WaitGroup waits for three workers.
 *
 * <pre>{@code
 * package main
 *
 * import (
 *     "fmt"
 *     "sync"
 * )
 *
 * func worker(id int, wg *sync.WaitGroup) {
 *
 *     defer wg.Done()
 *
 *     fmt.Println("Worker", id, "started")
 *
 * }
 *
 * func main() {
 *
 *     var wg sync.WaitGroup
 *
 *     for i := 1; i <= 3; i++ {
 *
 *         wg.Add(1)
 *
 *         go worker(i, &wg)
 *
 *     }
 *
 *     wg.Wait()
 *
 *     fmt.Println("All workers finished")
 *
 * }
 * }</pre>
 */
public final class S002_5_WaitGroup {

    private S002_5_WaitGroup() {}

    static void worker(int id, WaitGroup wg) {
        try {
            System.out.println("Worker " + id + " started");
        } finally {
            wg.done();
        }
    }

    public static void main(String[] args) throws InterruptedException {
        var wg = new WaitGroup();

        for (int i = 1; i <= 3; i++) {
            int id = i;
            wg.add(1);
            go(() -> worker(id, wg));
        }

        wg.await();

        System.out.println("All workers finished");
    }
}
