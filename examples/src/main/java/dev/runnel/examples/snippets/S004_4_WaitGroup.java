package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

import dev.runnel.WaitGroup;

/**
 * 004-4: a WaitGroup: each worker says when it starts and when it is done.
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
 *     fmt.Printf("Worker %d starting\n", id)
 *     // simulate work
 *     fmt.Printf("Worker %d done\n", id)
 *     wg.Done()
 * }
 *
 * func main() {
 *     var wg sync.WaitGroup
 *
 *     for i := 1; i <= 3; i++ {
 *         wg.Add(1)
 *         go worker(i, &wg)
 *     }
 *
 *     wg.Wait()
 *     fmt.Println("All workers done")
 * }
 * }</pre>
 */
public final class S004_4_WaitGroup {

    private S004_4_WaitGroup() {}

    static void worker(int id, WaitGroup wg) {
        System.out.printf("Worker %d starting%n", id);
        // simulate work
        System.out.printf("Worker %d done%n", id);
        wg.done();
    }

    public static void main(String[] args) throws InterruptedException {
        var wg = new WaitGroup();

        for (int i = 1; i <= 3; i++) {
            int id = i;
            wg.add(1);
            go(() -> worker(id, wg));
        }

        wg.await();
        System.out.println("All workers done");
    }
}
