package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.sleep;
import static java.time.Duration.ofSeconds;

/**
 * 002-2: a goroutine, which is done by the time main goes on.
 *
 * <pre>{@code
 * package main
 *
 * import (
 *     "fmt"
 *     "time"
 * )
 *
 * func printMessage() {
 *     fmt.Println("Hello from goroutine")
 * }
 *
 * func main() {
 *
 *     go printMessage()
 *
 *     time.Sleep(time.Second)
 *
 *     fmt.Println("Main function")
 *
 * }
 * }</pre>
 */
public final class S002_2_Goroutine {

    private S002_2_Goroutine() {}

    static void printMessage() {
        System.out.println("Hello from goroutine");
    }

    public static void main(String[] args) throws InterruptedException {
        go(S002_2_Goroutine::printMessage);

        sleep(ofSeconds(1));

        System.out.println("Main function");
    }
}
