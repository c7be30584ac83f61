package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.sleep;
import static java.time.Duration.ofSeconds;

/**
 * 001-1: a goroutine, and a main that goes on.
 *
 * <pre>{@code
 * package main
 * import (
 *     "fmt"
 *     "time"
 * )
 *
 * func sayHello() {
 *     fmt.Println("Hello from Goroutine!")
 * }
 *
 * func main() {
 *     go sayHello() // Starts a new Goroutine
 *     fmt.Println("Main function execution")
 *     time.Sleep(time.Second) // Prevent main from exiting immediately
 * }
 * }</pre>
 */
public final class S001_1_Goroutine {

    private S001_1_Goroutine() {}

    static void sayHello() {
        System.out.println("Hello from Goroutine!");
    }

    public static void main(String[] args) throws InterruptedException {
        go(S001_1_Goroutine::sayHello); // starts a new goroutine
        System.out.println("Main function execution");
        sleep(ofSeconds(1)); // prevents main from exiting immediately
    }
}
