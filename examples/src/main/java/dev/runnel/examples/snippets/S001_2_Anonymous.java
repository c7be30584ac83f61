package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.sleep;
import static java.time.Duration.ofSeconds;

/**
 * 001-2: an anonymous function as a goroutine.
 *
 * <pre>{@code
 * package main
 * import (
 *     "fmt"
 *     "time"
 * )
 *
 * func main() {
 *     go func() {
 *         fmt.Println("Goroutine with anonymous function")
 *     }()
 *     time.Sleep(time.Second) // Allows goroutine to complete
 * }
 * }</pre>
 */
public final class S001_2_Anonymous {

    private S001_2_Anonymous() {}

    public static void main(String[] args) throws InterruptedException {
        go(() -> {
            System.out.println("Goroutine with anonymous function");
        });
        sleep(ofSeconds(1)); // allows the goroutine to complete
    }
}
