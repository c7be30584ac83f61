package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.sleep;
import static java.time.Duration.ofSeconds;

/**
 * 003-2: a simple goroutine.
 *
 * <pre>{@code
 * package main
 *
 * import (
 *     "fmt"
 *     "time"
 * )
 *
 * func sayHello() {
 *     fmt.Println("Hello from goroutine!")
 * }
 *
 * func main() {
 *     go sayHello()
 *     time.Sleep(1 * time.Second) // Wait for goroutine
 *     fmt.Println("Main function")
 * }
 * }</pre>
 */
public final class S003_2_Hello {

    private S003_2_Hello() {}

    static void sayHello() {
        System.out.println("Hello from goroutine!");
    }

    public static void main(String[] args) throws InterruptedException {
        go(S003_2_Hello::sayHello);
        sleep(ofSeconds(1)); // waits for the goroutine
        System.out.println("Main function");
    }
}
