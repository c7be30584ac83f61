package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.sleep;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

/**
 * 001-3: two goroutines, each printing at its own pace.
 *
 * <pre>{@code
 * package main
 * import (
 *     "fmt"
 *     "time"
 * )
 *
 * func printNumbers() {
 *     for i := 1; i <= 5; i++ {
 *         fmt.Println(i)
 *         time.Sleep(500 * time.Millisecond)
 *     }
 * }
 *
 * func printLetters() {
 *     for c := 'A'; c <= 'E'; c++ {
 *         fmt.Println(string(c))
 *         time.Sleep(500 * time.Millisecond)
 *     }
 * }
 *
 * func main() {
 *     go printNumbers()
 *     go printLetters()
 *     time.Sleep(3 * time.Second) // Wait for goroutines to finish
 * }
 * }</pre>
 */
public final class S001_3_NumbersAndLetters {

    private S001_3_NumbersAndLetters() {}

    static void printNumbers() throws InterruptedException {
        for (int i = 1; i <= 5; i++) {
            System.out.println(i);
            sleep(ofMillis(500));
        }
    }

    static void printLetters() throws InterruptedException {
        for (char c = 'A'; c <= 'E'; c++) {
            System.out.println(c);
            sleep(ofMillis(500));
        }
    }

    public static void main(String[] args) throws InterruptedException {
        go(S001_3_NumbersAndLetters::printNumbers);
        go(S001_3_NumbersAndLetters::printLetters);
        sleep(ofSeconds(3)); // waits for the goroutines to finish
    }
}
