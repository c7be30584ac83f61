package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.sleep;
import static java.time.Duration.ofSeconds;

/**
 * 002-6: goroutines with a parameter.
 *
 * <pre>{@code
 * package main
 *
 * import (
 *     "fmt"
 *     "time"
 * )
 *
 * func greet(name string) {
 *
 *     fmt.Println("Hello", name)
 *
 * }
 *
 * func main() {
 *
 *     go greet("Chirag")
 *     go greet("Rahul")
 *
 *     time.Sleep(time.Second)
 *
 * }
 * }</pre>
 */
public final class S002_6_Parameters {

    private S002_6_Parameters() {}

    static void greet(String name) {
        System.out.println("Hello " + name);
    }

    public static void main(String[] args) throws InterruptedException {
        go(() -> greet("Chirag"));
        go(() -> greet("Rahul"));

        sleep(ofSeconds(1));
    }
}
