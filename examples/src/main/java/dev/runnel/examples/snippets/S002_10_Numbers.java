package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

import dev.runnel.WaitGroup;

/**
 * 002-10: the complete example: five numbers, in any order.
 *
 * <pre>{@code
 * package main
 *
 * import (
 *     "fmt"
 *     "sync"
 * )
 *
 * func printNumber(n int, wg *sync.WaitGroup) {
 *
 *     defer wg.Done()
 *
 *     fmt.Println("Number:", n)
 *
 * }
 *
 * func main() {
 *
 *     var wg sync.WaitGroup
 *
 *     for i := 1; i <= 5; i++ {
 *
 *         wg.Add(1)
 *
 *         go printNumber(i, &wg)
 *
 *     }
 *
 *     wg.Wait()
 *
 * }
 * }</pre>
 */
public final class S002_10_Numbers {

    private S002_10_Numbers() {}

    static void printNumber(int n, WaitGroup wg) {
        try {
            System.out.println("Number: " + n);
        } finally {
            wg.done();
        }
    }

    public static void main(String[] args) throws InterruptedException {
        var wg = new WaitGroup();

        for (int i = 1; i <= 5; i++) {
            int n = i;
            wg.add(1);
            go(() -> printNumber(n, wg));
        }

        wg.await();
    }
}
