package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

import dev.runnel.WaitGroup;

/**
 * 003-6: the WaitGroup pattern, with the number of the loop given to each goroutine.
 *
 * <pre>{@code
 * import "sync"
 *
 * func main() {
 *     var wg sync.WaitGroup
 *
 *     for i := 0; i < 5; i++ {
 *         wg.Add(1)
 *         go func(id int) {
 *             defer wg.Done()
 *             fmt.Printf("Goroutine %d\n", id)
 *         }(i)
 *     }
 *
 *     wg.Wait()
 * }
 * }</pre>
 */
public final class S003_6_WaitGroup {

    private S003_6_WaitGroup() {}

    public static void main(String[] args) throws InterruptedException {
        var wg = new WaitGroup();

        for (int i = 0; i < 5; i++) {
            int id = i;
            wg.add(1);
            go(() -> {
                try {
                    System.out.printf("Goroutine %d%n", id);
                } finally {
                    wg.done();
                }
            });
        }

        wg.await();
    }
}
