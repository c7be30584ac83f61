package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.sleep;
import static java.time.Duration.ofSeconds;

/**
 * 002-3: an anonymous function as a goroutine.
 *
 * <pre>{@code
 * package main
 *
 * import (
 *     "fmt"
 *     "time"
 * )
 *
 * func main() {
 *
 *     go func() {
 *         fmt.Println("Running goroutine")
 *     }()
 *
 *     time.Sleep(time.Second)
 *
 * }
 * }</pre>
 */
public final class S002_3_Anonymous {

    private S002_3_Anonymous() {}

    public static void main(String[] args) throws InterruptedException {
        go(() -> {
            System.out.println("Running goroutine");
        });

        sleep(ofSeconds(1));
    }
}
