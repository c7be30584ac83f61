package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

/**
 * 002-7: a race: a thousand goroutines increment one counter, and main does not even wait for them.
 *
 * <p>What it prints falls short of 1000, for two reasons: some goroutines have not run yet, and some increments were
 * lost because two goroutines read the same number. Should it be 1000 by chance, it tries again, so that the last
 * number shows it. 002-8 is how to do it.
 *
 * <pre>{@code
 * package main
 *
 * import (
 *     "fmt"
 * )
 *
 * var counter int
 *
 * func increment() {
 *
 *     counter++
 *
 * }
 *
 * func main() {
 *
 *     for i := 0; i < 1000; i++ {
 *
 *         go increment()
 *
 *     }
 *
 *     fmt.Println(counter)
 *
 * }
 * }</pre>
 */
public final class S002_7_Race {

    private S002_7_Race() {}

    static int counter;

    static void increment() {
        counter++;
    }

    public static void main(String[] args) {
        int seen;
        do {
            counter = 0;
            for (int i = 0; i < 1000; i++) {
                go(S002_7_Race::increment);
            }
            seen = counter;
            System.out.println(seen);
        } while (seen == 1000);
    }
}
