package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.sleep;
import static java.time.Duration.ofSeconds;

/**
 * 003-3: three workers of one second, at once.
 *
 * <pre>{@code
 * func worker(id int) {
 *     fmt.Printf("Worker %d starting\n", id)
 *     time.Sleep(time.Second)
 *     fmt.Printf("Worker %d done\n", id)
 * }
 *
 * func main() {
 *     for i := 1; i <= 3; i++ {
 *         go worker(i)
 *     }
 *     time.Sleep(2 * time.Second)
 * }
 * }</pre>
 */
public final class S003_3_Workers {

    private S003_3_Workers() {}

    static void worker(int id) throws InterruptedException {
        System.out.printf("Worker %d starting%n", id);
        sleep(ofSeconds(1));
        System.out.printf("Worker %d done%n", id);
    }

    public static void main(String[] args) throws InterruptedException {
        for (int i = 1; i <= 3; i++) {
            int id = i;
            go(() -> worker(id));
        }
        sleep(ofSeconds(2));
    }
}
