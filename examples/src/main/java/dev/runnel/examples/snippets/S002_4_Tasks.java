package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.sleep;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

/**
 * 002-4: one function in two goroutines.
 *
 * <pre>{@code
 * package main
 *
 * import (
 *     "fmt"
 *     "time"
 * )
 *
 * func task(name string) {
 *
 *     for i := 1; i <= 3; i++ {
 *
 *         fmt.Println(name, i)
 *
 *         time.Sleep(time.Millisecond * 500)
 *
 *     }
 *
 * }
 *
 * func main() {
 *
 *     go task("Task A")
 *     go task("Task B")
 *
 *     time.Sleep(time.Second * 3)
 *
 * }
 * }</pre>
 */
public final class S002_4_Tasks {

    private S002_4_Tasks() {}

    static void task(String name) throws InterruptedException {
        for (int i = 1; i <= 3; i++) {
            System.out.println(name + " " + i);
            sleep(ofMillis(500));
        }
    }

    public static void main(String[] args) throws InterruptedException {
        go(() -> task("Task A"));
        go(() -> task("Task B"));

        sleep(ofSeconds(3));
    }
}
